"""An impact assessment as a page, an office document and JSON: the same figures in each, and never a verdict."""

import io
import json
import re
from html import unescape
from pathlib import Path

import docx
import pytest

import glasshouse
from glasshouse.analysis.rights.law import INPUTS
from glasshouse.errors import StoringError
from glasshouse.report import office, write
from glasshouse.report.document import Document, Grid, Listing, Section, Text, Verbatim
from glasshouse.report.odd_page import description
from glasshouse.report.rights import rights_document
from tests.analysis.ai_act.test_evidence import VERDICTS
from tests.analysis.rights.test_assessment import shared
from tests.helpers.html import read

SMALL = Document(
    "A kind",
    "A title",
    (Text("Words with `code`."),),
    (Section("s", "Section", (Listing(("one", "two")), Grid(("A", "B"), (("1", ""),)), Verbatim("x = 1\ny = 2"))),),
)


def page() -> str:
    return description(rights_document(shared()))


def words(html: str) -> str:
    text = re.sub(r"<[^>]*>", " ", re.sub(r"<(style|svg|pre).*?</\1>", "", html, flags=re.DOTALL))
    return re.sub(r"\s+", " ", unescape(text))


def office_words(content: bytes) -> str:
    made = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return re.sub(r"\s+", " ", " ".join([*(one.text for one in made.paragraphs), *cells]))


def test_there_is_never_a_verdict() -> None:
    for text in (
        words(page()),
        json.dumps({key: value for key, value in shared().facts().items() if key != "scenario"}),
    ):
        assert not VERDICTS.search(text), VERDICTS.search(text)
        assert "no verdict" in text


def test_all_six_inputs_stand_on_the_page_and_in_the_office_document() -> None:
    html = page()
    read(html)
    for text in (words(html), office_words(office.office(rights_document(shared())))):
        for one in INPUTS:
            assert f"({one.letter}) {one.title}" in text
            assert one.asks in text
            for question in one.assessor:
                assert question in text


def test_the_three_formats_show_the_same_figures() -> None:
    facts = shared().facts()
    shown = [words(page()), office_words(office.office(rights_document(shared())))]
    figures = [one for part in ("inputs", "harms") for entry in facts[part] for one in entry["figures"]]
    assert len(figures) > 150
    for one in figures:
        for column in {"reference", "regime"} & set(one):
            assert all(one[column]["text"] in text for text in shown), one["name"]
    for harm in facts["harms"]:
        assert all(harm["likelihood"]["text"] in text for text in shown), harm["name"]
        assert all(harm["monitoring"] in text for text in shown), harm["name"]
        for one in (*harm["duration"], *harm["reversibility"]):
            found = (one.get("regime") or one.get("difference") or {"text": one.get("note")})["text"]
            assert all(found in text for text in shown), one["name"]


def test_the_page_has_a_dark_form_and_makes_no_request() -> None:
    html = page()
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert "default-src 'none'" in html
    assert not re.search(r"(src|href)=\"https?:", html)


def test_an_office_document_has_headings_lists_and_tables_that_can_be_edited() -> None:
    content = office.office(SMALL)
    made = docx.Document(io.BytesIO(content))
    styles = {one.text: one.style.name for one in made.paragraphs if one.style is not None}
    assert styles["A title"] == "Title"
    assert styles["Section"] == "Heading 1"
    assert styles["one"] == "List Bullet"
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [["A", "B"], ["1", ""]]
    assert "y = 2" in styles
    assert content == office.office(SMALL)


def test_a_document_is_written_as_its_name_ends(tmp_path: Path) -> None:
    for name in ("x.html", "x.md", "x.docx"):
        write.write_document(SMALL, tmp_path / name)
    assert (tmp_path / "x.docx").read_bytes()[:2] == b"PK"
    with pytest.raises(StoringError, match=r"Name a file that ends in \.html, \.md or \.docx\."):
        write.write_document(SMALL, tmp_path / "x.odt")


def test_without_python_docx_one_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(office, "available", lambda: False)
    monkeypatch.setattr(write, "available", lambda: False)
    with pytest.raises(StoringError, match=r"needs python-docx.*pip install 'glasshouse-lab\[office\]'"):
        glasshouse.write_report(shared(), tmp_path / "fria.docx")
    write.save_rights(shared(), tmp_path)
    assert {"fria.html", "fria.json", "evidence.html"} <= {path.name for path in tmp_path.iterdir()}
    assert not (tmp_path / "fria.docx").exists()

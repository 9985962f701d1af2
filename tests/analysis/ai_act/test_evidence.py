"""The sheet as tables and as a page: whole, readable without colour or network, and never a verdict."""

import json
import math
import re
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path

import pytest

import glasshouse
from glasshouse.analysis.ai_act.assessment import assess
from glasshouse.analysis.ai_act.elements import ELEMENTS
from glasshouse.analysis.ai_act.evidence import NOTICE, Evidence
from glasshouse.analysis.ai_act.relatedness import RATINGS
from glasshouse.errors import StoringError
from glasshouse.model.entities import DEFAULT_GROUPS
from glasshouse.report import ai_act_charts
from glasshouse.report.ai_act import GLANCE, evidence_page
from tests.analysis.ai_act.test_assessment import SMALL, false_only, scenario, shared
from tests.helpers.html import read

VERDICTS = re.compile(
    r"\b(il)?legal(ly|ity)?\b|\b(un)?lawful(ly|ness)?\b|\b(non-?)?complian(t|ce)\b|\bprohibited (system|scheme|by)\b|"
    r"\b(is|are) (banned|forbidden|allowed|permitted|prohibited|met|fulfilled)\b|\bviolat|\binfring",
    re.IGNORECASE,
)


@cache
def text() -> str:
    return evidence_page(shared())


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<(style|svg).*?</\1>", "", html, flags=re.DOTALL)))


@pytest.mark.parametrize("found", [shared, false_only], ids=["shared", "false"])
def test_there_is_never_a_verdict(found: "object", tmp_path: Path) -> None:
    evidence = found()  # type: ignore[operator]
    html = evidence_page(evidence)
    assert not VERDICTS.search(words(html)), VERDICTS.search(words(html))
    assert "gives no verdict" in words(html)
    evidence.save(tmp_path)
    stored = (tmp_path / "evidence.json").read_text(encoding="utf-8")
    assert not VERDICTS.search(stored), VERDICTS.search(stored)
    assert NOTICE in json.loads(stored)["notice"]


def test_the_guard_against_verdicts_would_see_one() -> None:
    for sentence in ("This is illegal.", "The element is met.", "It is lawful.", "not compliant", "it infringes"):
        assert VERDICTS.search(sentence)


def test_every_element_and_figure_stands_on_the_page_with_assumption_and_paragraph() -> None:
    body = re.sub(r"\s+", " ", words(text()))
    for element in ELEMENTS:
        assert f"{element.letter}. {element.title}" in body
        assert element.asks in body
        for question in element.asked(DEFAULT_GROUPS):
            assert question.title in body, question.name
            assert question.counted in body, question.name
            assert question.assumption in body, question.name
    assert set(GLANCE) == {element.letter for element in ELEMENTS if element.questions}
    assert "C(2025) 5052" in body
    assert "no study was given" in body


def test_intervals_are_there() -> None:
    rows = re.findall(r"<td class=\"n\">.*?</td>", text())
    assert len(rows) > 80
    assert sum(bool(re.search(r"\d to (−?)\d", row)) for row in rows) > 70
    single = evidence_page(assess(scenario({**SMALL, "weeks": 60, "replicates": 1}), threads=1))
    assert "there are no intervals" in single
    assert "one replicate, no interval" in single


def test_the_page_needs_no_network_and_every_chart_has_words() -> None:
    reader = read(text())
    for tag, name, value in reader.attributes:
        if name in ("src", "href", "xlink:href", "srcset", "action", "data"):
            assert value.startswith("#"), (tag, name, value)
        assert not name.startswith("on")
    assert "<script" not in text()
    said = [value for tag, name, value in reader.attributes if tag == "div" and name == "aria-label"]
    assert len(said) == text().count("<svg") == 3
    assert all(len(one) > 60 and any(sign.isdigit() for sign in one) for one in said)
    names = [value for _, name, value in reader.attributes if name == "id"]
    assert len(names) == len(set(names))


def test_the_map_can_be_read_without_colour() -> None:
    spec = ai_act_charts.data_map(shared().flows)
    outlines = [layer["mark"] for layer in spec["layer"] if layer["mark"]["type"] == "rect"]
    assert len({json.dumps(outline) for outline in outlines}) == len(RATINGS)
    assert any("strokeDash" in outline for outline in outlines)
    numbers = [layer for layer in spec["layer"] if layer["mark"]["type"] == "text"]
    assert numbers[0]["encoding"]["text"] == {"field": "text"}
    assert len(spec["data"]["values"]) == len(shared().flows) == 44
    assert "stroke-dasharray" in text()


def test_what_hurts_nobody_is_drawn_as_nothing() -> None:
    nobody = assess(
        scenario({**SMALL, "weeks": 60, "lists.threshold": (1000.0,) * 4, "reference.lists.threshold": (1000.0,) * 4}),
        threads=1,
    )
    html = evidence_page(nobody)
    read(html)
    assert "No sanction flows in any of its 44 cells" in html
    assert "undefined" in html
    assert not re.search(r"\bnan\b", words(html))


def test_titles_cannot_bring_markup() -> None:
    strange = replace(shared().scenario, title="<script>alert(1)</script>", about="<img src=x onerror=alert(1)>")
    ratings = replace(shared().ratings, title="<b onclick=x>", about="<i>")
    html = evidence_page(replace(shared(), scenario=strange, ratings=ratings))
    read(html)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b onclick" not in html


def test_tables_hold_every_figure_and_open_in_pandas(tmp_path: Path) -> None:
    import pandas as pd

    found: Evidence = shared()
    found.save(tmp_path)
    figures, flows, curve = (pd.DataFrame(table.columns) for table in (found.table, found.map, found.proportionality))
    assert list(figures["name"]) == [f.question.name for f in found.figures]
    assert {"low", "high", "assumption", "paragraphs"} <= set(figures.columns)
    assert len(flows) == 44
    assert len(curve) == 15
    facts = json.loads((tmp_path / "evidence.json").read_text(encoding="utf-8"))
    assert len(facts["relatedness"]["cells"]) == 16
    assert facts["figures"][0]["mean"] == found.figures[0].found.mean
    with pytest.raises(KeyError):
        found.figure("nothing")


def test_json_knows_no_nan(tmp_path: Path) -> None:
    assert math.isnan(false_only().figure("slope").mean)
    facts = json.loads(json.dumps(false_only().facts(), allow_nan=False))
    assert next(row for row in facts["figures"] if row["name"] == "slope")["mean"] is None


def test_it_is_written_whole_or_reported(tmp_path: Path) -> None:
    path = glasshouse.write_report(shared(), tmp_path / "new" / "evidence.html")
    assert path.read_text(encoding="utf-8") == text()
    (tmp_path / "file").write_text("")
    with pytest.raises(StoringError, match="cannot be written"):
        glasshouse.write_report(shared(), tmp_path / "file" / "x.html")
    with pytest.raises(StoringError, match="cannot be written"):
        shared().save(tmp_path / "file")

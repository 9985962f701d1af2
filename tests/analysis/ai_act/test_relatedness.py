"""Relatedness matrices: the shipped ones are whole, and every fault of a file is told in one message."""

from pathlib import Path

import pytest

from glasshouse.analysis.ai_act import relatedness
from glasshouse.analysis.ai_act.relatedness import OWN, RATINGS, UNRATED, decisions_of, load, names, tables_of
from glasshouse.errors import ScenarioError
from glasshouse.model.agencies import THE_FOUR
from tests.model.test_agency_sizes import EIGHT, SIX

FILES, DECISIONS = tables_of(THE_FOUR), decisions_of(THE_FOUR)
PAIR = '{ rating = "related", reason = "because it is so" }'
WHOLE = 'title = "Mine"\n' + "".join(
    f"[{file}]\n" + "".join(f"{key} = {PAIR}\n" for key in DECISIONS) for file in FILES
)


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ScenarioError) as caught:
        load(written(folder, text))
    return caught.value.faults


@pytest.mark.parametrize("name", names())
def test_shipped_matrices_rate_every_pair_with_a_reason_of_its_own_agency(name: str) -> None:
    found = load(name)
    assert found.title
    assert found.about
    assert [len(row) for row in found.cells] == [len(DECISIONS)] * len(FILES)
    assert sum(found.rated(rating).sum() for rating in RATINGS) == len(FILES) * len(DECISIONS)
    assert found.rated("related").diagonal().all()
    assert all(len(cell.reason) > 15 for row in found.cells for cell in row)


def test_names_follow_the_agencies_and_contexts() -> None:
    assert FILES == ("police", "court", "welfare_office", "market_supervision")
    assert DECISIONS == ("travel", "credit", "benefits", "licences")
    assert relatedness.USUAL in names()


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    text = WHOLE.replace(
        f"[court]\ntravel = {PAIR}", '[court]\ntravel = { rating = "unrelated", reason = "a debt is no ticket" }'
    )
    found = load(written(tmp_path, text))
    assert (found.name, found.title, found.about) == ("mine", "Mine", "")
    assert found.rated("unrelated").sum() == 1
    assert found.rated("unrelated")[1, 0]
    assert found.cells[1][0].reason == "a debt is no ticket"


def test_every_fault_stands_in_one_message_with_its_line(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "title = 3",
            "[police]",
            'travel = { rating = "unrelated", reason = "because it is so" }',
            'credit = { rating = "unrelatd", reason = "because it is so" }',
            'benfits = { rating = "related", reason = "because it is so" }',
            "licences = 3",
            "[court]",
            'travel = { rating = "related", reason = "short" }',
            'credit = { rating = "related" }',
            'benefits = { rating = true, reason = "because it is so", weight = 3 }',
            'licences = { rating = "related", reason = "because it is so" }',
            "[wellfare_office]",
            "[market_supervision]",
        ]
    )
    told = "\n".join(faults(tmp_path, text))
    for part in (
        "line 1: title = 3 is a whole number, not a text",
        "[police], line 3: travel is rated unrelated, but an agency's own list always rests on its own file",
        'line 4: credit: rating = "unrelatd" is not one of',
        "Did you mean unrelated?",
        "line 5: decision benfits is not known. Did you mean benefits?",
        "no rating for benefits",
        "line 6: licences = 3 is a whole number",
        "line 8: the reason of travel has 5 characters",
        "line 9: credit has no reason",
        "line 10: benefits: rating = true is not one of",
        "line 10: benefits: key weight is not known",
        "table wellfare_office is not known. Did you mean welfare_office?",
        "the table [welfare_office] is missing",
        "[market_supervision], line 13: no rating for travel, credit, benefits, licences",
    ):
        assert part in told, part
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("title = ", "not valid TOML"),
        ('title = "  "\n' + WHOLE.partition("\n")[2], "title is missing"),
        (WHOLE.partition("\n")[2], "title is missing"),
        (WHOLE.replace('"Mine"', '"' + "x" * 201 + '"'), "longer than 200"),
        (WHOLE.replace('"Mine"', '"a\\u0000b"'), "cannot be printed"),
        (WHOLE.replace("because it is so", "a\\u0000 reason that", 1), "cannot be printed"),
        (WHOLE.replace("[court]", "[[court]]"), "court is a list, not a table"),
    ],
)  # fmt: skip
def test_other_faults_are_reported(tmp_path: Path, text: str, told: str) -> None:
    assert told in "\n".join(faults(tmp_path, text))


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"no relatedness matrix is called usal\. Did you mean usual\?"):
        load("usal")
    with pytest.raises(ScenarioError, match="folder. Name the relatedness file"):
        load(tmp_path)
    with pytest.raises(ScenarioError, match="there is no such file"):
        load(tmp_path / "none.toml")


def test_pairs_of_declared_agencies_that_nobody_rated_are_arguable() -> None:
    usual, six = load(), load().completed(SIX)
    assert [len(row) for row in six.cells] == [6] * 6
    assert tuple(row[:4] for row in six.cells[:4]) == usual.cells
    assert usual.completed(THE_FOUR) == usual
    assert (six.cells[4][0].rating, six.cells[4][0].reason) == ("arguable", UNRATED)
    assert [(six.cells[k][k].rating, six.cells[k][k].reason) for k in (4, 5)] == [("related", OWN)] * 2


def test_a_file_may_rate_declared_agencies(tmp_path: Path) -> None:
    assert tables_of(EIGHT)[-2:] == ("civil_affairs", "industry_and_information_technology")
    assert decisions_of(SIX) == (*DECISIONS, "contracts", "venues")
    further = '[commerce]\nvenues = { rating = "unrelated", reason = "trade is no art" }\n'
    found = load(written(tmp_path, WHOLE + further), SIX)
    assert (found.cells[4][5].rating, found.cells[4][5].reason) == ("unrelated", "trade is no art")
    assert found.cells[4][0].reason == UNRATED
    with pytest.raises(ScenarioError, match="commerce"):
        load(written(tmp_path, WHOLE + further))
    with pytest.raises(ScenarioError, match="always rests on its own file"):
        load(written(tmp_path, WHOLE + further.replace("venues", "contracts")), SIX)

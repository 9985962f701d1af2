"""A regime from fifteen answers: what a run shows is what was answered, and every value says where it comes from."""

import re
from functools import cache
from math import sqrt
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.errors import ScenarioError
from glasshouse.model.mechanisms.recipients import Recipients
from glasshouse.population.synthesis import PopulationTable, synthesise
from glasshouse.results.groups import EVERYBODY
from glasshouse.results.result import Result
from glasshouse.scenario.inert import inert
from glasshouse.scenario.new_regime.answers import Answer, from_file, read, read_all
from glasshouse.scenario.new_regime.expected import Expected, expected, odds_of, take_up
from glasshouse.scenario.new_regime.questions import BY_KEY, QUESTIONS
from glasshouse.scenario.new_regime.writing import scenario_text
from glasshouse.scenario.scenario import Scenario, loads

CITY = {
    "who": "people on social assistance",
    "residents": "200,000; register of residents",
    "recipients": "5 %; the city's report",
    "flagged": "1,000; the office's annual report",
    "right": "20 %; an audit",
}
"""200,000 residents of a European city, 5 % on benefits, 1,000 flags a year, 80 % of them wrong."""

ERRORS = 4.0


def answered(**others: str) -> dict[str, Answer]:
    return read_all({key: (text, "") for key, text in {**CITY, **others}.items()})


def made(**others: str) -> tuple[Scenario, Expected, str]:
    answers = answered(**others)
    figures = expected(answers)
    text = scenario_text(answers, figures)
    return loads(text), figures, text


@cache
def city() -> Result:
    """The city at a tenth of its size."""
    return gh.run(made()[0], citizens=20_000, replicates=4, threads=2)


def total(name: str, first: int = 52) -> float:
    table = city().weekly.columns
    chosen = (table["arm"] == "regime") & (table["group"] == EVERYBODY) & (table["week"] >= first)
    return float(table[name][chosen].sum())


def test_a_run_shows_the_answers_within_monte_carlo_error() -> None:
    """104 weeks of 4 populations of a tenth of the city: 800 flags, of which a fifth is right."""
    flags = 1000 / 10 * 4 * 104 / 52
    assert total("recommended") == pytest.approx(flags, rel=0.03)
    assert total("cases_model") == total("recommended")
    right = total("cases_model_irregular") / total("cases_model")
    assert abs(right - 0.2) < ERRORS * sqrt(0.2 * 0.8 / flags)
    drawing = total("drawing") / (4 * 104)
    # Each citizen of the four populations draws or does not, for long.
    assert abs(drawing - 1000) < ERRORS * sqrt(1000 / 4)
    irregular = (total("irregular_by_mistake") + total("irregular_by_intent")) / total("drawing")
    assert abs(irregular - 0.05) < ERRORS * sqrt(0.05 * 0.95 / 4000)


def test_what_is_printed_of_findings_is_what_a_run_finds() -> None:
    found, wrong = made()[1].found()
    cases = total("decided_model")
    assert abs(total("found_model") / cases - found / 1000) < ERRORS * sqrt(0.178 * 0.822 / cases)
    assert abs(total("found_nothing") / cases - wrong / 1000) < ERRORS * sqrt(0.008 * 0.992 / cases)


@pytest.mark.parametrize(
    ("country", "share", "test"),
    [("netherlands-2020s", "5 %", "yes"), ("france-2020s", "12 %", "yes"), ("poland-2020s", "3 %", "no")],
)
def test_as_many_are_entitled_as_the_answer_needs(country: str, share: str, test: str) -> None:
    """In a drawn population, adults below the line, of whom the solved share is entitled and `take_up` draws."""
    figures = expected(answered(country=country, recipients=share, means_test=test))
    people = synthesise(PopulationTable(citizens=60_000, marginals=country), seed=3, threads=2).citizens
    below = (people["adult"] == 1) & (people["income"] < figures.line)
    drawing = float(below.mean()) * figures.eligible * take_up()
    wanted = figures.recipients / 200_000
    # Members of a household have one income: errors are those of a third as many draws.
    assert abs(drawing - wanted) < ERRORS * sqrt(wanted * 3 / 60_000)


def test_odds_and_quality_are_solved_in_closed_form() -> None:
    b = Recipients().by_volatility
    odds = odds_of(0.3) * (1.0 + b * np.linspace(-1, 1, 20_001))
    assert float((odds / (1 + odds)).mean()) == pytest.approx(0.3, abs=1e-6)
    figures = expected(answered(irregular="10 %"))
    normal = NormalDist()
    d = 2**0.5 * normal.inv_cdf(figures.quality)
    bar = normal.inv_cdf(1 - 800 / 9000)
    assert 1 - normal.cdf(bar - d) == pytest.approx(200 / 1000)
    assert (figures.caught, figures.capacity) == pytest.approx((0.2, 100.0))


BRANCHES = (
    {},
    {"means_test": "no", "country": "sweden-2020s", "by_lot": "100", "withheld": "50 %", "appeal": "none"},
    {"reviewer": "checks", "looked_at": "lone parent, minority", "irregular": "8 %; a lot of 400", "appeal": "notice"},
    {"reviewer": "chooses", "looked_at": "woman", "recipients": "20,000", "law": "an act", "weeks": "26"},
)


@pytest.mark.parametrize("others", BRANCHES)
def test_every_value_says_where_it_comes_from(others: dict[str, str]) -> None:
    scenario, _, text = made(**others)
    assert list(inert(scenario)) == []
    lines = [line for line in text.split("[run]", 1)[1].splitlines() if " = " in line]
    assert len(lines) > 25
    for line in lines:
        said = line.partition("  # ")[2]
        assert re.search("answer to|not answered|solved|assumed|design|as under the regime", said), line
        if "assumed" in said and "not answered" not in said:
            assert "prior = [" in line, line
    for key in ("residents", "recipients", "flagged", "right", *others):
        if key not in ("law", "means_test"):
            assert f"answer to {key}: " in text, key
    assert "answer to flagged: the office's annual report" in text
    for (table, key), (low, high) in {k: v for k, v in scenario.priors.items() if len(k) == 2}.items():
        value = scenario.settings()[table, key]
        if not isinstance(value, tuple):
            assert low <= value <= high, (table, key)


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"right": "20"}, "right: 20. How many of the flags are right?"),
        ({"right": "120 %"}, '"120 %" is no share from 0 to 100 %'),
        ({"flagged": "many"}, "flagged: many. How many people does the score flag in a year? A number"),
        ({"flagged": "20,000"}, "20,000 people in a year, of 10,000 who draw the benefit"),
        ({"flagged": "1,000", "right": "90 %", "irregular": "5 %"}, "900 right and 100 wrong flags in a year need"),
        ({"recipients": "90 %"}, "is more than can draw a benefit"),
        ({"looked_at": "wimen"}, "Did you mean woman?"),
        ({"looked_at": "woman, rural, migrant, minority, college"}, "5 groups; name at most 4"),
        ({"country": "holland"}, "Choose one of: australia-2020s"),
        ({"reviewer": "robot"}, "Choose one of: nobody, checks, chooses"),
        ({"weeks": "0"}, "0 lies outside 1 to 200"),
        ({"who": "a\x1b[31m"}, "printable characters"),
        ({"flags": "1"}, "flags is no question. Did you mean flagged?"),
    ],
)
def test_a_wrong_answer_is_refused_with_what_is_expected(others: dict[str, str], said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        expected(answered(**others))


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        read_all({"right": ("x", ""), "flagged": ("y", "")})
    assert [fault.partition(":")[0] for fault in caught.value.faults] == [
        "who", "residents", "recipients", "flagged", "right",
    ]  # fmt: skip


def test_answers_come_from_a_file_with_their_sources(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text('flagged = { answer = 1000, source = "a report" }\nright = 0.2\nlooked_at = ["woman", "rural"]\n')
    given = from_file(path)
    assert given == {"flagged": ("1000", "a report"), "right": ("0.2", ""), "looked_at": ("woman, rural", "")}
    assert read(BY_KEY["flagged"], *given["flagged"]) == Answer(1000, "a report", True)
    path.write_text("flagged = { value = 1000 }\n")
    with pytest.raises(ScenarioError, match="has other keys than answer and source"):
        from_file(path)


def test_there_are_fifteen_questions_and_each_default_is_an_answer() -> None:
    assert len(QUESTIONS) == len(BY_KEY) == 15
    for question in QUESTIONS:
        if question.default:
            assert not read(question, "").own

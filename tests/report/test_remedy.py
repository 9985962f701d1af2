"""The page of remedies: what is averted, what waiting costs, and which safeguards are enough."""

import math
import re
from dataclasses import replace
from functools import cache

from glasshouse.analysis.remedies.harms import harm
from glasshouse.analysis.remedies.plan import RemedyPlan
from glasshouse.analysis.remedies.remedy import Remedy
from glasshouse.analysis.remedies.report import Averted, Delay, RemedyReport
from glasshouse.analysis.remedies.smallest_set import SafeguardSet, SetQuestion
from glasshouse.report.remedy import remedy_page
from glasshouse.report.remedy_words import added_text, averted_rows, delay_text, set_text
from glasshouse.results.estimate import Estimate
from glasshouse.results.provenance import Provenance
from glasshouse.scenario.scenario import load

WRONG = harm("wrongly_restricted")
EARLY, LATE = Estimate(800.0, 600.0, 1000.0, 5, 5), Estimate(-200.0, -300.0, -100.0, 5, 5)


@cache
def report() -> RemedyReport:
    name, unit = WRONG.name, WRONG.unit
    whole = Estimate(1500.0, 1200.0, 1800.0, 5, 5)
    rows = [
        Averted("stop", month, name, unit, group, whole, value)
        for group in ("everybody", "rural")
        for month, value in ((6.0, EARLY), (12.0, LATE))
    ]
    sets = (
        SafeguardSet(("hearing",), 1, Estimate(0.6, 0.55, 0.65, 5, 5), enough=True),
        SafeguardSet(("notice",), 1, Estimate(0.02, -0.01, 0.05, 5, 5), enough=False),
        SafeguardSet(("notice", "hearing"), 2, Estimate(0.62, 0.57, 0.67, 5, 5), enough=True),
    )
    return RemedyReport(
        load("town"),
        RemedyPlan((Remedy.named("stop"),), (6.0, 12.0), (WRONG,), SetQuestion(WRONG, 0.5, 52, ("notice", "hearing"))),
        tuple(rows),
        (Delay("stop", name, unit, "everybody", 6.0, 12.0, Estimate(167.0, 100.0, 230.0, 5, 5)),),
        {name: whole},
        sets,
        Provenance(
            *(["a run"] * 2), 1, 5, 768, 156, *(["digest"] * 4), "0.1.0", "3.11", "machine", 2, 1.0, "today", {}, ()
        ),
    )


def test_the_page_shows_what_is_averted_what_waiting_costs_and_sets() -> None:
    page = remedy_page(report())
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "stop 6 800 (600 to 1000) less harm" in text
    assert "stop 12 −200 (−300 to −100) more harm" in text
    assert "from month 6 to 12 167 (100 to 230)" in text
    assert "rural stop 6" in text
    assert "hearing 1 60 % (55 to 65) yes" in text
    assert "6 52" in text
    assert "12 78" in text
    assert "--remedy stop --at 6 --at 12 --measure wrongly_restricted --share 0.5 --largest 2" in page
    assert page.count("<script") == 1


def test_the_figures_are_put_in_sentences() -> None:
    assert added_text(report(), WRONG).endswith(
        "adds 1500 (1200 to 1800) people at any time per 100,000 adults, on average over its 2.5 years."
    )
    assert averted_rows(report(), WRONG)[0] == ("stop in month 6", "averts 800 (600 to 1000)")
    assert "put off from month 6 to 12: 167 (100 to 230) for each month" in delay_text(report(), WRONG)
    assert delay_text(replace(report(), delays=()), WRONG) == ""


def test_a_set_is_named_as_far_as_one_is_enough() -> None:
    assert set_text(report()) == (
        "One safeguard is enough to remove 50 % of what the regime adds of “Adults restricted wrongly by the regime's own "
        "rule”: hearing."
    )
    single, _, both = report().sets
    assert "2 safeguards together are enough" not in set_text(report())
    third = replace(both, safeguards=("notice", "hearing", "kin"), size=3)
    assert "2 safeguards together are enough" in set_text(
        replace(report(), sets=(replace(single, enough=False), both, third))
    )
    assert "No set of up to 2" in set_text(replace(report(), sets=(replace(single, enough=False), both)))
    assert "All 2 safeguards together remove 62 % (57 to 67), not 50 %" in set_text(
        replace(report(), sets=(replace(both, enough=False),))
    )
    assert set_text(replace(report(), sets=())) == ""
    assert 'id="sets"' not in remedy_page(replace(report(), sets=()))


def test_a_figure_without_interval_or_value_is_shown_as_such() -> None:
    one = Estimate(math.nan, math.nan, math.nan, 0, 1)
    page = remedy_page(replace(report(), averted=(replace(report().averted[0], averted=one),), delays=()))
    assert "undefined" in page
    assert "no interval" in page


def test_names_are_escaped() -> None:
    named = replace(report().averted[2], group="<b>x</b>")
    assert "<b>x" not in remedy_page(replace(report(), averted=(*report().averted, named)))


def test_the_page_is_written_in_german() -> None:
    page = remedy_page(report(), "de")
    assert '<html lang="de">' in page
    for text in ("Simuliert.", "Anhörung", "Monat des Regimes"):
        assert text in page

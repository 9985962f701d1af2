"""The page of simulated audits: it says what is true, what misleads, and that a finding is no verdict."""

import math
import re
from dataclasses import replace
from functools import cache

import pytest

from glasshouse.analysis.audit.desk import Practice
from glasshouse.analysis.audit.draws import Range
from glasshouse.analysis.audit.least_requests import Request, least_requests
from glasshouse.analysis.audit.report import AuditPlan, AuditReport, Group
from glasshouse.analysis.audit.scoring import Question, scores
from glasshouse.report.audit import audit_page
from glasshouse.report.audit_words import misleading, request_text, truth_text
from glasshouse.results.estimate import Estimate
from glasshouse.results.provenance import Provenance
from glasshouse.scenario.scenario import load
from tests.helpers.audits import GROUP, world

QUESTION = Question(GROUP)


@cache
def report() -> AuditReport:
    group = Group(GROUP, 0.25, (30.0, 25.0), (10.0, 5.0), Estimate(2.0, 1.6, 2.5, 5, 5), 120)
    made = world(right=(0.06, 0.02))
    return AuditReport(
        load("town"),
        AuditPlan((QUESTION,), Practice(cases=1_000), audits=500, draws=3),
        (group,),
        tuple(scores(made, QUESTION, Practice(cases=1_000), audits=500)),
        tuple(least_requests(made, QUESTION)),
        (
            Range(GROUP, "", "truth", 0.8, 1.2, 3.1, 3),
            Range(GROUP, "files", "power", 0.5, 0.7, 0.9, 3),
            Range(GROUP, "people", "cases", 900.0, 4000.0, math.inf, 2),
        ),
        Provenance(
            *(["a run"] * 2), 1, 5, 768, 156, *(["digest"] * 4), "0.1.0", "3.11", "machine", 2, 1.0, "today", {}, ()
        ),
    )


def test_the_page_shows_truth_requests_scores_and_ranges() -> None:
    page = audit_page(report())
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "No verdict." in text
    assert "wrongly listed 2.0 times (1.6 to 2.5) as often a head as the rest, 10 against 5 in 1,000" in text
    assert "files by lot from the listed, half of them “first”" in text
    assert "points the wrong way" in text
    assert "Over 3 draws from the prior ranges" in text
    assert "over 1,000,000" in text
    assert "50 % 70 % 90 %" in text
    assert "--group &#39;first&#39; --cases 1000 --times 2 --yardstick rule --audits 500 --draws 3" in page
    assert page.count("<script") == 1
    assert "script-src &#39;sha256-" in page or "script-src 'sha256-" in page


def test_what_an_auditor_finds_is_never_called_unlawful() -> None:
    page = audit_page(report()).lower()
    for word in ("illegal", "discriminat", "breach of law", "infringe", "guilty"):
        assert word not in page, word


def test_names_are_escaped() -> None:
    named = replace(report(), groups=(replace(report().groups[0], name="<b>x</b>"),))
    assert "<b>x" not in audit_page(named)


def test_a_ratio_of_few_people_is_marked() -> None:
    few = replace(report().groups[0], cases=12)
    assert "rests on 12 simulated people" in truth_text(few)
    assert "rests on" not in truth_text(report().groups[0])
    assert "no ratio is defined" in truth_text(replace(few, truth=Estimate(math.nan, math.nan, math.nan, 0)))


def test_methods_that_mislead_are_named_with_the_reason() -> None:
    text = misleading(report(), GROUP)
    assert "Counts of the listed (false alarms, intervals miss the truth)" in text
    assert "Files drawn by lot" not in text


@pytest.mark.parametrize(("cases", "text"), [(1234, "1,234 cases"), (None, "over 1,000,000 cases")])
def test_the_size_of_a_request_is_said(cases: int | None, text: str) -> None:
    assert request_text(Request(GROUP, "files", False, cases)) == text


def test_the_page_is_written_in_german() -> None:
    page = audit_page(report(), "de")
    assert '<html lang="de">' in page
    for text in ("Kein Urteil.", "2,0 mal (1,6 bis 2,5) so oft", "Fehlalarme"):
        assert text in page

"""Least requests: as large as is needed, and files before people."""

from dataclasses import replace

import pytest

from glasshouse.analysis.audit.least_requests import comparison, least_requests
from glasshouse.analysis.audit.power import power
from glasshouse.analysis.audit.scoring import Question
from tests.helpers.audits import GROUP, world


def test_each_request_is_enough_by_exact_sums() -> None:
    for request in least_requests(world(), Question(GROUP)):
        assert request.cases is not None
        asked = comparison(world(), GROUP, request.source, request.cases)
        asked = replace(asked, share=0.5) if request.halves else asked
        assert 0.8 <= power(asked) < 0.85


def test_files_need_far_fewer_cases_than_people_and_halves_fewer_than_what_comes() -> None:
    cases = {one.kind: one.cases or 0 for one in least_requests(world(), Question(GROUP))}
    assert list(cases) == ["files by halves", "files", "people by halves", "people"]
    assert cases["people"] > 20 * cases["files"]
    assert cases["files by halves"] < cases["files"]
    assert cases["people by halves"] < cases["people"]


def test_files_are_held_against_the_counts_of_the_listed() -> None:
    found = comparison(world(right=(0.04, 0.02)), GROUP, "files")
    assert found.rate == pytest.approx(0.01 / 0.05)
    assert found.rest_rate == pytest.approx(0.005 / 0.025)
    assert found.null == pytest.approx(0.5)
    assert found.share == pytest.approx(0.25 * 0.05 / (0.25 * 0.05 + 0.75 * 0.025))


def test_a_request_says_what_is_asked_for() -> None:
    titles = [one.title for one in least_requests(world(), Question(GROUP))]
    assert titles[0] == "files by lot from the listed, half of them “first”, with counts of the listed by group"
    assert titles[3] == "people by lot from all adults"

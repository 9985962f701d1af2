"""Runs side by side."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

import glasshouse
from glasshouse.errors import ScenarioError
from glasshouse.report.i18n import words
from glasshouse.results.groups import EVERYBODY
from glasshouse.results.time_series import SERIES
from glasshouse.web.compare import compared
from glasshouse.web.runs import RESULT, Run

SIZE = {"citizens": 1500, "weeks": 60, "replicates": 1}
SETTINGS = {"start": 20, "rollout": 0, "district_size": 512}


def test_runs_with_different_groups_are_shown_side_by_side_by_those_that_both_have(tmp_path: Path) -> None:
    runs = []
    for name, groups in (("a", ("woman", "migrant")), ("b", ("rural", "woman"))):
        folder = tmp_path / name
        settings = {**SETTINGS, "groups": list(groups)}
        glasshouse.run("social-governance", **SIZE, settings=settings, threads=1, out=folder / RESULT)
        runs.append(cast("Run", SimpleNamespace(folder=folder, name=name, base="", state="finished")))
    found = compared(runs, "woman")
    assert found.groups == (EVERYBODY, "woman", "not woman")
    assert (found.same, found.same_groups) == (True, False)
    both = next(one for one in found.courses if one.tools)
    assert both.heading in {series.heading for series in SERIES}
    assert both.tools is not None
    assert both.tools.citation.count("scenario digest") == 2
    assert both.tools.csv.startswith('year,without the regime,"A: ')
    alone = compared(runs[:1], words=words("de"))
    assert alone.same_groups
    assert all(one.tools.citation.count("scenario digest") == 1 for one in alone.courses if one.tools)
    assert any("ohne das Regime" in one.heading for one in alone.courses)
    with pytest.raises(ScenarioError, match="no group that all of these runs have. Choose one of: everybody, woman"):
        compared(runs, "rural")

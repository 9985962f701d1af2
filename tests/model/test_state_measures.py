"""Which measures say what a regime does to the state, those of plug-ins included."""

import json
from pathlib import Path

import pytest

import glasshouse as gh
from glasshouse.engine.plugin_loader import find
from glasshouse.errors import ScenarioError
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.state_measures import is_about_the_state, state_measures, sums_of_the_state
from glasshouse.study.make_study import make_study

PLUGIN = '''
from glasshouse.model import Measure, ratio


class Calm(Measure):
    """Protests, under another name."""

    name, title = "calm", "Calm weeks"
    formula = "1 - protests / adult-weeks"
    unit, better, source = "share", "neither", "test"

    @staticmethod
    def value(sums):
        return 1.0 - ratio(sums.protests, sums.adults)


class Known(Measure):
    """Points on file."""

    name, title = "known", "Points on file"
    formula = "points_held / adult-weeks"
    unit, better, source = "points", "neither", "test"

    @staticmethod
    def value(sums):
        return ratio(sums.points_held, sums.adults)


class Broken(Measure):
    """Fails where it is given several numbers, after it has read protests."""

    name, title = "broken", "Fails"
    formula = "protests_problem / adult-weeks"
    unit, better, source = "share", "neither", "test"

    @staticmethod
    def value(sums):
        if sums.protests_problem.ndim:
            raise ValueError("one number at a time")
        return ratio(sums.protests_problem, sums.adults)


class Gatherings(Measure):
    """Protests by district."""

    name, title = "gatherings", "Largest crowd"
    formula = "largest share of protests"
    unit, better, source = "share", "neither", "test"
    by_district = True

    @staticmethod
    def value(sums):
        return ratio(sums.protests.max(), sums.protests.sum())


class Villages(Measure):
    """Protests of one group."""

    name, title = "villages", "Quiet villages"
    formula = "1 - protests / adult-weeks among the rural"
    unit, better, source = "share", "neither", "test"
    by_group = False

    @staticmethod
    def value(sums):
        return 1.0 - ratio(sums.of("rural").protests, sums.of("rural").adults)
'''
STUDY = """
title = "s"
scenario = "town"
design = "latin-hypercube"
runs = 8
[settings]
citizens = 100
run.weeks = 40
run.start = 8
[factors]
"observation.coverage" = [0.2, 0.7]
"""
TARGETS = """
title = "t"
study = "study.toml"
[targets.quiet]
what = "calm weeks"
measure = "{measure}"
window = [8, 40]
figure = 1.0
error = 0.001
reason = "known"
year = 2020
publisher = "a ministry"
address = "https://example.org/x"
"""


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    path = tmp_path / "calm.py"
    path.write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return path


def test_measures_of_the_catalogue_are_about_what_they_say() -> None:
    assert {one.name for one in CATALOGUE if is_about_the_state(one)} == {
        one.name for one in CATALOGUE if not one.people
    }
    assert "protests" in sums_of_the_state()


def test_a_measure_of_a_plugin_is_judged_by_the_sums_that_it_reads(plugin: Path) -> None:
    assert state_measures(find([plugin])) == ("calm", "broken", "gatherings", "villages")


def test_a_study_says_which_of_its_measures_are_about_the_state(plugin: Path) -> None:
    made = make_study(str(plugin.parent / "study.toml"), {}, {}, find([plugin]))
    assert json.loads(made.definition)["state_measures"] == ["calm", "broken", "gatherings", "villages"]
    assert "state_measures" not in make_study(str(plugin.parent / "study.toml"), {}, {}, ()).definition


@pytest.mark.parametrize("method", ["fit", "abc"])
def test_no_calibration_aims_at_protest_under_another_name(method: str, plugin: Path) -> None:
    file = plugin.parent / "targets.toml"
    file.write_text(TARGETS.format(measure="calm"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"\[targets.quiet\]: calm reads sums such as protest or cost"):
        gh.studies.calibrate(str(file), method=method, plugins=[plugin], folder=plugin.parent / "results")
    assert not list((plugin.parent / "results").glob("*/*.parquet"))

"""Measures of plug-ins in studies: a ratio is pooled from sums as those that ship are, and another function is averaged and said so."""

from pathlib import Path

import numpy as np
import pytest

from glasshouse.engine.plugin_loader import find
from glasshouse.model.measure import Sums
from glasshouse.model.plugin import Origin, Plugin
from glasshouse.model.ratio_measure import ArmsRatioMeasure, RatioMeasure
from glasshouse.study import design
from glasshouse.study.plugin_measures import declarations, pooled
from tests.helpers.claims import TWO, findings_of

PLUGIN = Path(__file__).parents[2] / "examples" / "plugins" / "analytic.py"


class Lists(RatioMeasure):
    """Wrong listings over listings."""

    name, title = "lists", "Wrong listings"
    numerator, denominator = "listed_wrongly", "listed"
    unit, better, source = "share", "less", "definition"


class Capped(Lists):
    """The same, but at most one half."""

    name, title = "capped", "Wrong listings up to one half"

    @classmethod
    def value(cls, sums: Sums) -> np.ndarray:
        return np.minimum(super().value(sums), 0.5)


class Fewer(ArmsRatioMeasure):
    """Listings avoided."""

    name, title = "fewer", "Listings avoided"
    numerator, denominator = "regime.listed", "reference.listed"
    complement = True
    unit, better, source = "share", "neither", "definition"


DECLARED = declarations([Plugin(Origin("mine.py", "", "x"), "mine.py", (), (Lists, Capped, Fewer))])


def test_a_ratio_is_kept_as_declared_and_a_function_of_its_own_by_name() -> None:
    assert DECLARED["lists"]["ratio"] == "arm"
    assert DECLARED["fewer"]["ratio"] == "between"
    assert DECLARED["capped"].keys() == {"title", "unit", "formula"}
    shipped = declarations(find([PLUGIN]))
    assert "ratio" not in shipped["ishigami_mean"]
    again = pooled(shipped, "sobol_g_mean")
    assert again is not None
    assert (again.name, again.numerator, again.denominator) == ("sobol_g_mean", "sobol_g_total", "adults")
    assert pooled(shipped, "ishigami_mean") is None
    assert pooled({}, "sobol_g_mean") is None


def test_a_ratio_is_pooled_from_the_sums_of_all_replicates_and_another_function_is_averaged() -> None:
    """One replicate restricts 1,000 people, a quarter of them wrongly, the other a single one wrongly: 251 of 1,001."""
    made = design.make_design("random", TWO, 2, 1)
    wrongly, listed = np.tile([250.0, 1.0], (2, 1)), np.tile([1000.0, 1.0], (2, 1))
    figures = {f"{name}.regime": wrongly / listed for name in ("lists", "capped")}
    figures |= {"lists": wrongly / listed, "capped": wrongly / listed, "fewer": 1.0 - listed / 2000.0}
    for arm, factor in (("regime", 1.0), ("reference", 2.0)):
        figures |= {f"total:listed.{arm}": factor * listed, f"total:listed_wrongly.{arm}": wrongly}
    found = findings_of(made, figures, 2, plugin_measures=DECLARED)
    assert found.means("lists.regime") == pytest.approx(251 / 1001)
    assert found.means("fewer") == pytest.approx(0.5)
    assert found.contributions("lists.regime").mean(axis=1) == pytest.approx(251 / 1001)
    assert found.means("capped.regime") == pytest.approx(0.625)
    assert [found.is_averaged(name) for name in ("lists", "fewer", "capped", "capped.regime")] == [
        False,
        False,
        True,
        True,
    ]
    assert found.is_averaged("score_truth")
    assert not found.is_averaged("wrongly_listed_share")


def test_tables_say_which_figures_are_means_of_replicates() -> None:
    made = design.make_design("random", TWO, 2, 1)
    figures = {name: np.ones((2, 2)) for name in ("lists", "capped", "score_truth", "records")}
    found = findings_of(made, figures, 2, plugin_measures=DECLARED, seed=1)
    notes = found.runs.metadata["columns"]
    assert notes["capped"]["estimate"] == "mean of replicates"
    assert notes["score_truth"]["estimate"] == "mean of replicates"
    assert "estimate" not in notes["lists"]
    assert "estimate" not in notes["records"]
    assert notes["lists"]["title"] == "Wrong listings, effect of the regime"
    assert found.to_xarray()["capped"].attrs["estimate"] == "mean of replicates"

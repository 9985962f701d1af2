"""What a study varies by default: every uncertainty over its prior range, and levers on request."""

import math
import re

import pytest

from glasshouse.model.declarations import Table, role_of
from glasshouse.scenario.files import library_names
from glasshouse.scenario.parameter_provenance import reason
from glasshouse.scenario.scenario import Scenario, load, override
from glasshouse.scenario.tables import properties
from glasshouse.study.factor import SCALED
from glasshouse.study.make_study import make_study
from glasshouse.study.prior_factors import UNCERTAIN, prior_factors

FLAGSHIP = load("social-governance")
TABLES = {"society": type(FLAGSHIP.society), **{table.name: type(table) for table in FLAGSHIP.mechanisms}}
BOTH = ("uncertainties", "levers")
FIXED = re.compile("as under the regime|the row's zero|no effect")
"""Reasons that a file gives for a value of the reference that no study varies."""


def _fixed_by_the_comparison(scenario: Scenario, keys: tuple[str, ...], value: object) -> bool:
    """Whether the file says that a value of the reference defines what is compared, so that no study varies it."""
    return keys[0] == "reference" and bool(FIXED.search(reason(scenario, keys, value)))


def _group(model: type[Table], key: str) -> object:
    """The group of citizens that a parameter concerns."""
    extra = model.model_fields[key].json_schema_extra
    return extra.get("group") if isinstance(extra, dict) else None


@pytest.mark.parametrize("name", library_names())
def test_no_uncertainty_of_a_shipped_scenario_stays_fixed(name: str) -> None:
    """What holds in all arms has one factor; what is given in one arm apart has one for each arm that has its own."""
    scenario = load(name)
    keys = {factor.key for factor in prior_factors(scenario)}
    values = scenario.settings()
    expected = {
        f"{table}.{key}"
        for table, model in TABLES.items()
        for key in model.model_fields
        if role_of(model, key) in UNCERTAIN and _group(model, key) in {None, *scenario.society.groups}
    }
    assert not expected - keys
    apart = {
        ".".join(own)
        for own in scenario.explicit_overrides
        if (own[0] == "reference" or role_of(TABLES[own[-2]], own[-1]) in UNCERTAIN)
        and not _fixed_by_the_comparison(scenario, own, values[own])
    }
    assert not apart - keys


@pytest.mark.parametrize("name", library_names())
def test_every_value_of_a_shipped_scenario_lies_within_the_range_that_studies_use(name: str) -> None:
    for factor in prior_factors(load(name), groups=BOTH):
        assert factor.low <= factor.base <= factor.high, factor


def test_what_the_comparison_fixes_stays_fixed() -> None:
    keys = {factor.key for factor in prior_factors(load("rows/s13-officials"))}
    assert {"officials.hide", "officials.falsify"} <= keys
    assert not {"reference.officials.hide", "reference.officials.falsify"} & keys


def test_levers_are_a_group_of_their_own() -> None:
    uncertain, levers = prior_factors(FLAGSHIP), prior_factors(FLAGSHIP, groups=("levers",))
    keys = {factor.key for factor in levers}
    assert {
        "observation.coverage",
        "lists.integration",
        "budget.automation",
        "forecast.visits",
        "safeguards.review",
    } <= keys
    assert all(role_of(TABLES[key.split(".")[-2]], key.split(".")[-1]) == "lever" for key in keys)
    assert not keys & {factor.key for factor in uncertain}
    assert {factor.key for factor in prior_factors(FLAGSHIP, groups=BOTH)} == keys | {f.key for f in uncertain}


def test_a_factor_has_the_declared_range_unless_the_scenario_gives_one() -> None:
    for factor in prior_factors(FLAGSHIP, groups=BOTH):
        assert factor.source == "prior"
        keys = tuple(factor.key.split("."))
        if not factor.vector and keys not in FLAGSHIP.priors:
            assert [factor.low, factor.high] == properties(TABLES[keys[-2]])[keys[-1]]["prior"]
        elif not factor.vector:
            assert (factor.low, factor.high) == FLAGSHIP.priors[keys]


def test_a_setting_that_is_held_is_no_factor_in_any_arm() -> None:
    keys = [factor.key for factor in prior_factors(FLAGSHIP)]
    assert [factor.key for factor in prior_factors(FLAGSHIP, fixed=keys[:3])] == keys[3:]
    own = override(FLAGSHIP, {"observation.false_positive_rate": (0.01,) * 4})
    assert not [
        f.key for f in prior_factors(own, fixed=("observation.false_positive_rate",)) if "false_positive_rate" in f.key
    ]


@pytest.mark.parametrize("name", [name for name in library_names() if name.startswith("rows/")])
def test_every_end_of_every_prior_makes_a_scenario(name: str) -> None:
    scenario = load(name)
    factors = prior_factors(scenario, groups=BOTH)
    for end in ("low", "high"):
        override(scenario, {factor.key: factor.setting(getattr(factor, end)) for factor in factors})
    keys = {factor.key for factor in factors}
    assert {"forecast.visits", "lists.threshold", "attitudes.half_life"} <= keys
    assert "reference.forecast.visits" not in keys


def test_a_list_is_scaled_as_a_whole_and_no_further_than_its_declared_prior() -> None:
    vectors = [
        f for f in prior_factors(FLAGSHIP, groups=BOTH) if f.vector and tuple(f.key.split(".")) not in FLAGSHIP.priors
    ]
    assert len(vectors) > 2
    for factor in vectors:
        table, name = factor.key.split(".")
        low, high = properties(TABLES[table])[name]["prior"]
        for scale in (factor.low, factor.high):
            known = [element for element in factor.setting(scale) if element != 0.0]
            assert all(low <= element <= high for element in known), factor.key
        # No wider scale would do: at each end some element touches its prior, to the last digits.
        touching = [element for element in factor.vector if element != 0.0]
        assert math.isclose(max(low / element for element in touching), factor.low, rel_tol=1e-14)
        assert math.isclose(min(high / element for element in touching), factor.high, rel_tol=1e-14)
        assert factor.unit == SCALED
        assert factor.setting(factor.base) == FLAGSHIP.settings()[table, name]


def test_a_list_that_nothing_scales_is_no_factor() -> None:
    none = override(FLAGSHIP, {"lists.related": (0.0,) * 16, "conduct.harms": (0.01, 9.0, 1.0, 1.0, 1.0)})
    keys = {factor.key for factor in prior_factors(none)}
    assert not keys & {"lists.related", "conduct.harms"}
    assert "sanctions.problem_cost" in keys


def test_a_study_varies_uncertainties_and_levers_where_asked() -> None:
    default, both, levers = (
        {f.key for f in make_study("social-governance", given).design.factors}
        for given in ({}, {"vary": ["uncertainties", "levers"]}, {"vary": ["levers"]})
    )
    assert default == {factor.key for factor in prior_factors(FLAGSHIP)}
    assert levers == {factor.key for factor in prior_factors(FLAGSHIP, groups=("levers",))}
    assert both == default | levers

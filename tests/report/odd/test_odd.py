"""The model's description: everything that is declared stands in it, and it follows the declarations."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import glasshouse
from glasshouse.engine.compiler.records import columns_of
from glasshouse.errors import ScenarioError
from glasshouse.model.component import KERNELS
from glasshouse.model.entities import CITIZEN_TRAITS, DISTRICT_TRAITS, FIRM_TRAITS
from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.measures.listing import ListedShare
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.voice import Voice
from glasshouse.population import marginals_files
from glasshouse.population.synthesis import PopulationTable
from glasshouse.report.document import markdown
from glasshouse.report.odd.delta import delta
from glasshouse.report.odd.description import odd
from glasshouse.scenario.scenario import Scenario, load, override


@cache
def flagship() -> Scenario:
    """The shipped scenario without its changes, which have a test of their own."""
    found = load("social-governance")
    return replace(
        found,
        changes=(),
        explicit_overrides=tuple(keys for keys in found.explicit_overrides if keys[0] != "change"),
        priors={keys: prior for keys, prior in found.priors.items() if keys[0] != "change"},
    )


@cache
def text() -> str:
    return markdown(odd(flagship()))


def part(title: str, whole: str | None = None) -> str:
    """The words from a heading to the next of its rank."""
    found = whole or text()
    begin = found.index(f"# {title}")
    depth = len(re.findall(r"#+$", found[: begin + 1])[0])
    end = re.search(rf"^#{{1,{depth}}} ", found[begin + 2 :], re.MULTILINE)
    return found[begin : begin + 2 + end.start()] if end else found[begin:]


def test_all_seven_elements_are_there_in_order() -> None:
    titles = re.findall(r"^## (\d)\. (.+)$", text(), re.MULTILINE)
    assert titles == [
        ("1", "Purpose and patterns"),
        ("2", "Entities, state variables and scales"),
        ("3", "Process overview and scheduling"),
        ("4", "Design concepts"),
        ("5", "Initialization"),
        ("6", "Input data"),
        ("7", "Submodels"),
    ]
    concepts = re.findall(r"^### (.+)$", part("4. Design concepts"), re.MULTILINE)
    assert len(concepts) == 11


def test_every_trait_column_signal_inbox_and_sum_stands_in_the_second_element() -> None:
    told = part("2. Entities, state variables and scales")
    for trait in (*CITIZEN_TRAITS, *DISTRICT_TRAITS, *FIRM_TRAITS):
        assert f"| `{trait.name}` | {trait.unit} |" in told, trait.name
    for mechanism in CATALOGUE:
        declared = [c for kind in KERNELS for c in columns_of(mechanism, kind)]
        for thing in (*declared, *mechanism.signals, *mechanism.inboxes, *mechanism.sums):
            assert re.search(rf"\| `{thing.name}`[^|]*\| `{mechanism.name}`[^|]*\|", told), thing.name
    for pairing in PAIRINGS:
        for total in pairing.sums:
            assert f"`{total.name}`" in told


def test_every_mechanism_and_parameter_stands_in_the_last_element_with_both_values() -> None:
    for regime, reference in zip(flagship().mechanisms, flagship().reference, strict=True):
        told = part(f"`{regime.name}`:")
        assert len(told) > 200
        for name, field in type(regime).model_fields.items():
            row = next(line for line in told.splitlines() if line.startswith(f"| `{name}` |"))
            cells = [cell.strip().replace("\\", "") for cell in row.strip("|").split(" | ")]
            assert cells[1] == (field.description or "")
            for place, table in ((3, reference), (4, regime)):
                value = getattr(table, name)
                assert cells[place] == (str(list(value)) if isinstance(value, tuple) else repr(value)), name
            assert cells[7] in ("published", "calibrated", "assumed", "chosen") or " reference " in cells[7]


def test_settings_of_population_run_and_every_published_table_are_listed() -> None:
    for name in (*PopulationTable.model_fields, *type(flagship().run).model_fields):
        assert f"| `{name}` |" in part("5. Initialization")
    for name in ("age", "household", "employment", "gini", "own_account_mean"):
        assert f"| `{name}` |" in part("6. Input data")
    assert "five-year age groups of the 2020 census" in part("6. Input data")


def test_every_measure_and_every_draw_is_listed() -> None:
    for measure in MEASURES:
        row = next(line for line in part("Observation").splitlines() if line.startswith(f"| `{measure.name}` |"))
        assert measure.unit in row
        assert measure.better in row
    for mechanism in CATALOGUE:
        for purpose in (*mechanism.draws, *mechanism.shared_draws):
            assert f"`{purpose}`" in part("Stochasticity")


def test_a_changed_declaration_changes_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documentation and code cannot disagree: there is one place for each, and it is the code."""
    state = Lists.columns[0]
    monkeypatch.setattr(Lists, "columns", (replace(state, doc="quite another thing", high=9.0), *Lists.columns[1:]))
    monkeypatch.setattr(ListedShare, "formula", "listed / everybody")
    monkeypatch.setattr(Voice, "__doc__", "A chorus.\n\n    It sings (Author 1999).\n    ")
    monkeypatch.setattr(Lists.model_fields["leave"], "description", "A mark of another kind.")
    changed = markdown(odd(flagship()))
    assert "| 0 to 9 | 0 | quite another thing |" in changed
    assert "listed / everybody" in changed
    assert "### `voice`: A chorus" in changed
    assert "It sings (Author 1999)." in part("`voice`:", changed)
    assert "Author 1999" in part("Basic principles", changed)
    assert "A mark of another kind." in changed
    assert "quite another thing" not in text()


def test_a_changed_kernel_changes_the_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    def citizen(me, here, draw, add):
        me.complaint = draw("noise") < here.service
        add("complaints")

    monkeypatch.setattr(Voice, "citizen", staticmethod(citizen))
    row = next(line for line in markdown(odd(flagship())).splitlines() if "| citizen | `voice`" in line)
    assert row.endswith("|  | `here.service` | `complaint` | draws `noise`; adds `complaints` |")


def test_the_schedule_says_when_which_arm_is_under_which_rules() -> None:
    assert "for the first 104 weeks" in part("3. Process overview and scheduling")
    assert "over 208 weeks" in part("3. Process overview and scheduling")
    at_once = markdown(odd(override(flagship(), {"rollout": 0, "start": 0})))
    assert "from the first week, everywhere at once" in at_once


def test_the_difference_of_a_scenario_with_itself_is_empty_and_says_so() -> None:
    found = delta(load("social-governance"), load("social-governance"))
    assert found.sections == ()
    assert "Nothing differs" in markdown(found)


def test_the_difference_lists_each_change_once_and_nothing_else() -> None:
    changed = override(
        flagship(),
        {"observation.coverage": 0.6, "conduct.trap": 2.0, "citizens": 5000, "rollout": 0, "seed": 3, "kin": 1.0},
    )
    told = markdown(delta(changed, flagship()))
    rows = re.findall(r"^\| `([\w.]+)` \|", told, re.MULTILINE)
    assert rows == [
        "society.citizens",
        "run.rollout",
        "run.seed",
        "society.kin",
        "conduct.trap",
        "observation.coverage",
    ]
    assert re.search(r"`observation.coverage` .* \| share \| regime \| 0.45 \| 0.6 \|", told)
    assert re.search(r"`conduct.trap` .* \| both \| 1.0 \| 2.0 \|", told)
    assert "The same in both: 1 (Purpose and patterns), 4 (Design concepts), 6 (Input data)." in told


def test_each_change_has_a_column_and_a_row_of_its_own() -> None:
    first = {"change.1.week": 468, "change.1.about": "courts ask first", "change.1.lists.leave": 0.5}
    second = {"change.2.week": 520, "change.2.lists.leave": 0.4, "change.2.points.half_life": 52.0}
    changed = override(flagship(), {**first, **second})
    whole = markdown(odd(changed))
    assert "From week 468 on the regime has other values: courts ask first. From week 520 on" in whole
    assert "| 0.75 | 0.75 | 0.5 | 0.4 |" in part("`lists`:", whole)
    assert "| Regime | From week 520 |" in part("`points`:", whole)
    told = markdown(delta(changed, override(flagship(), first)))
    assert "| `change.2.week` |" in told
    assert "| `change.1.week` |" not in told
    assert [line.split(" | ")[3] for line in told.splitlines() if line.startswith("| `lists.leave`")] == [
        "from week 520"
    ]
    assert "| `points.half_life` |" in told


def test_arms_that_change_separately_have_a_row_each() -> None:
    changed = override(flagship(), {"reference.lists.delay_on": 6.0, "lists.delay_on": 1.0})
    told = markdown(delta(changed, flagship()))
    assert re.findall(r"(reference|regime) \| ([\d.]+) \| ([\d.]+) \|", told) == [
        ("reference", "8.0", "6.0"),
        ("regime", "2.0", "1.0"),
    ]


def test_mechanisms_that_only_one_has_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text('title = "Small"\nabout = ""\n[run]\nweeks = 20\nstart = 5\n')
    small = load(path, catalogue=tuple(m for m in CATALOGUE if m.name != "shocks"))
    told = markdown(delta(load(path), small))
    assert "Only here: `shocks`" in told
    assert "Not here: `shocks`" in markdown(delta(small, load(path)))
    assert "`rate`" not in told
    assert "### `shocks`" not in markdown(odd(small))


def test_other_marginals_are_listed_table_by_table(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = marginals_files.load("china-2020s")
    other = facts.model_copy(
        update={
            "title": "Elsewhere",
            "sex": facts.sex.model_copy(update={"cells": {"female": 0.5, "male": 0.5}}),
            "party": None,
            "figures": facts.figures.model_copy(update={"abroad": None}),
            "shapes": facts.shapes.model_copy(
                update={"work": facts.shapes.work.model_copy(update={"source": "other"})}
            ),
        }
    )
    monkeypatch.setitem(delta.__globals__, "load", lambda name: other if name == "elsewhere" else facts)
    society = flagship().society.model_copy(update={"marginals": "elsewhere"})
    told = markdown(delta(replace(flagship(), society=society), flagship()))
    assert re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE) == ["sex", "party", "abroad", "work"]
    assert re.search(r"`party` \| 18-30 0.1251.* \| none \|", told)
    assert "“Elsewhere”" in told


def test_the_public_function_takes_names_paths_and_scenarios(tmp_path: Path) -> None:
    assert glasshouse.describe("social-governance") == markdown(odd(load("social-governance")))
    assert glasshouse.describe(flagship()) == text()
    assert "Nothing differs" in glasshouse.describe(flagship(), flagship())
    with pytest.raises(ScenarioError, match="social-governance"):
        glasshouse.describe("social-governence")
    with pytest.raises(ScenarioError, match="there is no such file"):
        glasshouse.describe(flagship(), tmp_path / "nothing.toml")
    assert callable(glasshouse.describe)

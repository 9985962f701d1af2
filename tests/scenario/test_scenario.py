"""Scenario files: what loads, what is refused, and what the refusal says."""

import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glasshouse.errors import ScenarioError
from glasshouse.model.agencies import MOST_AGENCIES
from glasshouse.model.declarations import param, vector
from glasshouse.model.mechanism import Mechanism
from glasshouse.scenario import files as sources
from glasshouse.scenario.files import library_names
from glasshouse.scenario.json_schema import json_schema
from glasshouse.scenario.messages import MAX_MESSAGES, Faults, shown
from glasshouse.scenario.parameter_provenance import reason
from glasshouse.scenario.run_settings import Run
from glasshouse.scenario.scenario import Scenario, check, load, loads, override
from glasshouse.scenario.tables import SHARED, tables
from glasshouse.scenario.toml_lines import comment
from glasshouse.scenario.toml_text import to_toml, toml_value


class Watching(Mechanism):
    """Sees things."""

    name: ClassVar[str] = "watching"
    coverage: float = param(0.1, "Share seen.", unit="share", bounds=(0, 1), prior=(0.05, 0.2), role="lever")
    cameras: int = param(3, "Cameras a street.", unit="cameras", bounds=(0, 50), source="a paper", role="lever")
    covert: bool = param(False, "Whether it hides.", unit="yes or no", role="uncertainty")
    manner: Literal["mild", "harsh"] = param("mild", "How it acts.", unit="name", role="assumption")
    weights: tuple[float, ...] = vector((1, 2, 3), "Weight of each kind.", unit="points", bounds=(0, 10), role="lever")


class Listing(Mechanism):
    """Keeps lists."""

    name: ClassVar[str] = "listing"
    threshold: float = param(5.0, "Points that list.", unit="points", bounds=(0.5, 100), role="lever")
    related: float = param(1.0, "How alike kinds are.", unit="share", bounds=(0, 1), prior=(0, 1), role="uncertainty")
    week: int = param(0, "Week of the count.", unit="weeks", bounds=(0, 51), source="setting", role="design")


CATALOGUE = (Watching, Listing)

GOOD = """title = "A small regime"
about = "For tests."

[run]
weeks = 52
start = 10

[society]
citizens = 2000

[watching]
coverage = 0.6  # a comment

[reference.watching]
coverage = 0.2
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes a scenario beside the tests' working directory and returns its relative path."""
    monkeypatch.chdir(tmp_path)

    def write(text: str | bytes, name: str = "x.toml") -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def faults(path: object, *overrides: str) -> tuple[str, ...]:
    return check(path, overrides, CATALOGUE)  # type: ignore[arg-type]


def only(path: object, *overrides: str) -> str:
    found = faults(path, *overrides)
    assert len(found) == 1, found
    return found[0]


# ------------------------------------------------------------------------------------------------------- what loads


def test_a_good_file_loads_with_defaults(file: Any) -> None:
    found = load(file(GOOD.replace("0.6  #", "0.6\ncameras = 7 #")), catalogue=CATALOGUE)
    assert (found.title, found.name, found.run.weeks, found.run.replicates) == ("A small regime", "x", 52, 1)
    assert found.society.citizens == 2000
    assert found.mechanisms == (Watching(coverage=0.6, cameras=7), Listing())
    assert found.reference == (Watching(coverage=0.2), Listing())
    assert found.explicit_overrides == (("reference", "watching", "coverage"),)


@pytest.mark.parametrize(
    ("setting", "regime", "reference"),
    [
        ("watching.coverage=0.7", (Watching(coverage=0.7), Listing()), (Watching(coverage=0.2), Listing())),
        ("listing.threshold=7", (Watching(coverage=0.6), Listing(threshold=7)), (Watching(coverage=0.2), Listing())),
        ("watching.manner=harsh", (Watching(coverage=0.6, manner="harsh"), Listing()), (Watching(coverage=0.2, manner="harsh"), Listing())),
        (
            "watching.covert=true",
            (Watching(coverage=0.6, covert=True), Listing()),
            (Watching(coverage=0.2, covert=True), Listing()),
        ),
        ("listing.week=9", (Watching(coverage=0.6), Listing(week=9)), (Watching(coverage=0.2), Listing(week=9))),
    ],
)  # fmt: skip
def test_levers_are_the_regimes_alone_and_the_rest_holds_in_all_arms(
    file: Any, setting: str, regime: tuple[Mechanism, ...], reference: tuple[Mechanism, ...]
) -> None:
    """The reference keeps what [reference] says, or the parameter's default."""
    line = setting.replace("=harsh", '="harsh"')
    for found in (
        load(file(GOOD), [setting], CATALOGUE),
        override(load(file(GOOD), catalogue=CATALOGUE), [setting]),
        load(file(f'extends = "x.toml"\ntitle = "T"\n{line}\n', "y.toml"), catalogue=CATALOGUE),
    ):
        assert (found.mechanisms, found.reference) == (regime, reference)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[reference.listing]\nrelated = 0.5\n",
            "x.toml, [reference.listing], line 17: related is an uncertainty: how people and the world are, and holds in "
            "all arms. Set it under [listing], not under [reference.listing].",
        ),
        (
            "[reference.listing]\nweek = 3\n",
            "x.toml, [reference.listing], line 17: week is part of the design, and holds in all arms. Set it under "
            "[listing], not under [reference.listing].",
        ),
        (
            "[[change]]\nweek = 20\n[change.listing]\nrelated = 0.5\n",
            "x.toml, [change.1.listing], line 19: related is an uncertainty: how people and the world are, and does not "
            "change with the regime. Set it under [listing], for all weeks.",
        ),
    ],
)
def test_what_holds_in_all_arms_cannot_be_given_for_one(file: Any, text: str, says: str) -> None:
    assert only(file(GOOD + text)) == says


PRIORS = GOOD.replace("coverage = 0.6  #", "coverage = { value = 0.6, prior = [0.4, 0.7] }  #").replace(
    "coverage = 0.2", "coverage = { value = 0.2, prior = [0.1, 0.3] }\nweights = { prior = [0.5, 2] }"
)


def test_a_prior_stands_beside_its_value_and_changes_no_run(file: Any) -> None:
    plain, found = load(file(GOOD), catalogue=CATALOGUE), load(file(PRIORS, "y.toml"), catalogue=CATALOGUE)
    assert found.priors == {
        ("watching", "coverage"): (0.4, 0.7),
        ("reference", "watching", "coverage"): (0.1, 0.3),
        ("reference", "watching", "weights"): (0.5, 2.0),
    }
    assert (found.mechanisms, found.reference, found.digest) == (plain.mechanisms, plain.reference, plain.digest)
    again = load(file(to_toml(found), "again.toml"), catalogue=CATALOGUE)
    assert again == found
    assert override(found, {"watching.coverage": 0.5}).priors == found.priors


def test_a_prior_that_does_not_fit_a_replaced_value_is_dropped(file: Any) -> None:
    found = load(file(PRIORS), catalogue=CATALOGUE)
    scaled = ("reference", "watching", "weights")
    assert override(found, {"reference.watching.weights": [5.0, 5.0, 5.0]}).priors[scaled] == (0.5, 2.0)
    assert scaled not in override(found, {"reference.watching.weights": [10.0, 10.0, 10.0]}).priors


@pytest.mark.parametrize(
    ("prior", "says"),
    [
        ("[0.5, 0.1]", "prior = [0.5, 0.1] of coverage is no range. Give its low and its high end, for instance [0.1, 0.5]."),
        ("0.5", "prior = 0.5 of coverage is no range."),
        ("[0.5]", "prior = [0.5] of coverage is no range."),
        ('[0.1, "a"]', 'prior = [0.1, "a"] of coverage is no range.'),
        ("[0.1, nan]", "prior = [0.1, nan] of coverage is no range."),
        ("[0.5, 1.5]", "prior = [0.5, 1.5] of coverage reaches beyond the range 0 to 1. Give a range within it."),
    ],
)  # fmt: skip
def test_a_wrong_prior_is_told(file: Any, prior: str, says: str) -> None:
    assert says in only(file(PRIORS.replace("[0.4, 0.7]", prior)))


def test_a_list_is_scaled_within_its_range_and_a_name_has_none(file: Any) -> None:
    assert "reaches beyond the range 0 to 10." in only(file(PRIORS.replace("[0.5, 2]", "[0.5, 4]")))
    assert "is given for a setting that has no range" in only(
        file(GOOD + 'manner = { value = "mild", prior = [0, 1] }\n')
    )


def test_the_design_has_no_prior() -> None:
    text = 'extends = "town"\ntitle = "T"\n[society]\ndistrict_size = { value = 64, prior = [64, 128] }\n'
    with pytest.raises(ScenarioError, match=r"prior = .* of district_size is given for a setting of the design"):
        loads(text)


def test_lists_become_tuples_and_whole_numbers_fit_where_numbers_do(file: Any) -> None:
    found = load(file(GOOD + "weights = [4, 5.5, 6]\n"), catalogue=CATALOGUE)
    assert found.reference[0] == Watching(coverage=0.2, weights=(4.0, 5.5, 6.0))


def test_a_mark_of_byte_order_and_windows_line_ends_are_accepted(file: Any) -> None:
    plain = load(file(GOOD), catalogue=CATALOGUE)
    assert load(file(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()), catalogue=CATALOGUE) == plain


def test_extending_files_say_only_what_differs(file: Any) -> None:
    file(GOOD, "base/base.toml")
    file('extends = "base.toml"\n[run]\nweeks = 60\n', "base/middle.toml")
    top = file('title = "Top"\nextends = "base/middle.toml"\n[watching]\ncameras = 9\n')
    found = load(top, catalogue=CATALOGUE)
    assert (found.title, found.about, found.run.weeks, found.run.start) == ("Top", "For tests.", 60, 10)
    assert (found.mechanisms[0], found.reference[0]) == (Watching(coverage=0.6, cameras=9), Watching(coverage=0.2))
    assert [source.label for source in found.sources] == ["base/base.toml", "base/middle.toml", "x.toml"]
    assert found.sources[0].text == GOOD


def test_settings_go_over_the_file(file: Any) -> None:
    given = ("watching.coverage=0.7", "reference.watching.coverage = 0.3", "weeks=20", "watching.manner=harsh")
    found = load(file(GOOD), given, CATALOGUE)
    assert (found.run.weeks, found.mechanisms[0], found.reference[0]) == (
        20,
        Watching(coverage=0.7, manner="harsh"),
        Watching(coverage=0.3, manner="harsh"),
    )
    assert load(file(GOOD), ["title=Two words", "watching.weights=[1,1,1]"], CATALOGUE).title == "Two words"


def test_override_checks_again_as_a_whole_and_keeps_the_original(file: Any) -> None:
    before = load(file(GOOD), catalogue=CATALOGUE)
    after = override(before, {"citizens": 5000, "watching.coverage": np.float64(0.9), "watching.weights": [1, 1, 1]})
    assert (after.society.citizens, after.mechanisms[0], after.name) == (
        5000,
        Watching(coverage=0.9, weights=(1.0, 1.0, 1.0)),
        "x",
    )
    assert after.reference[0] == Watching(coverage=0.2)
    assert before == load("x.toml", catalogue=CATALOGUE)
    assert [source.label for source in after.sources][:2] == ["x.toml", "setting citizens=5000"]
    with pytest.raises(ScenarioError) as caught:
        override(before, {"start": 60, "watching.coverage": 2, "citizens": "many", "nonsense": 1, "title": "\ud800"})
    assert len(caught.value.faults) == 5


CHANGED = (
    GOOD.replace("start = 10", "start = 10\nuntil = 40")
    + """[[change]]
week = 20  # a decree
about = "More cameras."
[change.watching]
cameras = 9  # counted

[[change]]
week = 30
[change.watching]
coverage = { value = 0.7, prior = [0.6, 0.8] }
[change.listing]
threshold = 6
"""
)


def test_a_change_keeps_what_it_leaves_out(file: Any) -> None:
    found = load(file(CHANGED), catalogue=CATALOGUE)
    first, second = found.changes
    assert (first.week, first.about, second.week, second.about, found.run.until) == (20, "More cameras.", 30, "", 40)
    assert first.tables == (Watching(coverage=0.6, cameras=9), Listing())
    assert second.tables == (Watching(coverage=0.7, cameras=9), Listing(threshold=6.0))
    assert found.reference == (Watching(coverage=0.2), Listing())
    assert found.explicit_overrides[:2] == (
        ("change", "1", "watching", "cameras"),
        ("change", "2", "listing", "threshold"),
    )
    assert found.priors == {("change", "2", "watching", "coverage"): (0.6, 0.8)}
    again = load(file(to_toml(found), "again.toml"), catalogue=CATALOGUE)
    assert again == found
    assert again.digest == found.digest
    changed = override(again, {"watching.weights": [1, 1, 1], "change.1.listing.threshold": 7.0})
    assert [change.tables[1] for change in changed.changes] == [Listing(threshold=7.0), Listing(threshold=6.0)]
    assert [change.tables[0].weights for change in changed.changes] == [(1.0, 1.0, 1.0)] * 2
    assert changed.priors == found.priors
    settings = {"change.1.watching.cameras": 8, "until": 41, "change.2.week": 31, "change.1.watching.covert": False}
    others = [override(found, {key: value}) for key, value in list(settings.items())[:3]]
    assert len({found.digest, *(other.digest for other in others)}) == 4
    assert override(found, {"change.2.about": "Other words."}).digest == found.digest


def test_what_is_left_out_of_a_cumulative_change_is_as_if_written_out(file: Any) -> None:
    whole = CHANGED.replace("threshold = 6", "threshold = 6\n[change.watching]").replace(
        "[change.watching]\ncoverage", "[change.watching]\ncameras = 9\ncoverage"
    )
    written = load(file(whole.removesuffix("[change.watching]\n")), catalogue=CATALOGUE)
    assert written.changes == load(file(CHANGED), catalogue=CATALOGUE).changes


def test_a_regime_that_never_changes_has_no_changes(file: Any) -> None:
    found = load(file(GOOD), catalogue=CATALOGUE)
    assert found.changes == ()
    assert "change" not in to_toml(found)


def test_a_list_of_changes_takes_the_place_of_the_extended_file_s(file: Any) -> None:
    file(CHANGED, "base.toml")
    head = 'extends = "base.toml"\ntitle = "T"\n'
    own = load(file(head + "[[change]]\nweek = 25\n[change.listing]\nthreshold = 9\n"), catalogue=CATALOGUE)
    assert [(change.week, change.tables) for change in own.changes] == [
        (25, (Watching(coverage=0.6), Listing(threshold=9)))
    ]
    assert own.priors == {}
    assert reason(own, ("change", "1", "watching", "cameras"), 9) == ""
    none = load(file("change = []\n" + head), catalogue=CATALOGUE)
    assert none.changes == () == load("base.toml", ["change=[]"], CATALOGUE).changes
    one = load(file(head + "[change.2.listing]\nthreshold = 9  # seen\n"), catalogue=CATALOGUE)
    assert [change.week for change in one.changes] == [20, 30]
    assert one.changes[1].tables == (Watching(coverage=0.7, cameras=9), Listing(threshold=9))
    assert reason(one, ("change", "2", "listing", "threshold"), 9.0) == "seen"
    assert reason(one, ("change", "1", "watching", "cameras"), 9) == "counted"
    more = ["change.3.week=35", "change.3.watching.cameras=2"]
    assert load("base.toml", more, CATALOGUE).changes[2].tables[0] == Watching(coverage=0.7, cameras=2)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (("change.1.week=10",), "[change.1]: week = 10 is not after the regime begins, start = 10. Change it in a week from 11 on."),
        (("change.2.week=20",), "[change.2]: week = 20 is the week of change 1 too. Put both in one change"),
        (("change.2.week=15",), "[change.2]: week = 15 of change 2 is before week 20 of change 1. Give the changes in the order"),
        (("until=30",), "x.toml, [change.2], line 24: week = 30 finds the regime ended, until = 30. Change it before week 30"),
        (("change.1.week=2.5",), "[change.1]: week = 2.5 is a decimal number, not a whole number."),
        (("change.3.week=35",), "change 3 changes nothing. Say under it what differs from then on, as in [change.lists]"),
        (("change.3.watching.cameras=2",), "x.toml, [change.3], line 17: change 3 has no week. Add week = the week from which"),
        (("change.4.week=35",), '4 is no change: up to here the scenario has 2 changes, numbered from 1. Begin a new one with [[change]]'),
        (("change.week=35",), "week is no change: up to here the scenario has 2 changes"),
        (("change.1.wek=35",), "mechanism wek is not known. Did you mean week?"),
        (("change.1.watching.cameraz=3",), "[change.1.watching]: key cameraz is not known. Did you mean cameras?"),
        (("change.1.run.seed=3",), "[change.1]: [run] is the same in all weeks. Set it there, not under [change.1]."),
        (("change.1.watching.coverage=3",), "[change.1.watching]: coverage = 3 is above its range 0 to 1."),
        (("change.2.listing.related=0.5",), "related is an uncertainty: how people and the world are, and does not change"),
        (("change.1=3",), "change.1 is a whole number, not a table."),
        (("change=3",), "change is a whole number, not a table. Begin each change with [[change]] in a line of its own."),
        (("until=10",), "until = 10 ends the regime before it begins, start = 10. End it after week 10."),
        (("until=53",), "until = 53 is after the end of the run, weeks = 52. End it by week 52, or run longer."),
    ],
)  # fmt: skip
def test_changes_and_dates_that_contradict_one_another_are_reported(
    file: Any, settings: tuple[str, ...], says: str
) -> None:
    assert says in only(file(CHANGED), *settings)


def test_changes_have_no_prior_of_their_date_and_a_limit(file: Any) -> None:
    dated = CHANGED.replace("week = 30", "week = { value = 30, prior = [28, 32] }")
    assert "is given for a setting of the design" in only(file(dated))
    many = GOOD + "".join(f"[[change]]\nweek = {week}\n[change.listing]\nthreshold = 4\n" for week in range(11, 262))
    assert only(file(many)).endswith("the scenario has 251 changes. Give 250 at most.")
    assert faults(file(many.replace("[[change]]\nweek = 261\n[change.listing]\nthreshold = 4\n", ""))) == ()


def test_a_shorter_run_may_end_before_a_change(file: Any) -> None:
    assert faults(file(CHANGED), "weeks=25", "until=0") == ()


def test_a_table_called_change_is_no_change(file: Any) -> None:
    assert "week is no change: up to here the scenario has no change. Begin a new one" in only(
        file(GOOD + "[change]\nweek = 20\n")
    )


def test_a_setting_the_reference_has_of_its_own_stays_its_own_even_where_equal(file: Any) -> None:
    equal = load(file(GOOD.replace("0.2", "0.6")), catalogue=CATALOGUE)
    assert equal.mechanisms == equal.reference
    again = load(file(to_toml(equal), "again.toml"), catalogue=CATALOGUE)
    assert again == equal
    assert override(again, {"watching.coverage": 0.9}).reference[0] == Watching(coverage=0.6)


# --------------------------------------------------------------------------------------------- the digest, and TOML


def test_the_digest_follows_the_values_and_nothing_else(file: Any) -> None:
    plain = load(file(GOOD), catalogue=CATALOGUE)
    spelled = GOOD.replace("A small regime", "Another title").replace("0.6", "6e-1") + "cameras = 3\n"
    assert load(file(spelled, "other.toml"), catalogue=CATALOGUE).digest == plain.digest
    digests = {plain.digest}
    for key, value in (("seed", 2), ("citizens", 2001), ("watching.cameras", 4), ("reference.listing.threshold", 6)):
        digests.add(override(plain, {key: value}).digest)
    assert len(digests) == 5


def test_minus_zero_and_defaults_written_out_make_no_difference(file: Any) -> None:
    plain = load(file(GOOD), catalogue=CATALOGUE)
    assert override(plain, {"watching.weights": [1, 2, 3]}).digest == plain.digest
    zeros = [override(plain, {"watching.coverage": zero}) for zero in (0.0, -0.0, 0)]
    assert len({(one.digest, to_toml(one)) for one in zeros}) == 1


shares = st.floats(0, 1) | st.integers(0, 1)
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.fixed_dictionaries(
        {},
        optional={
            "seed": st.integers(0, 2**63 - 1),
            "watching.coverage": shares,
            "reference.watching.coverage": shares,
            "watching.cameras": st.integers(0, 50),
            "watching.covert": st.booleans(),
            "reference.watching.manner": st.sampled_from(["mild", "harsh"]),
            "listing.threshold": st.floats(0.5, 100),
            "reference.watching.weights": st.lists(st.floats(0, 10), min_size=3, max_size=3),
            "title": texts.filter(lambda text: text.isprintable() and text.strip() != ""),
            "about": texts.filter(lambda text: all(c.isprintable() or c in "\n\t" for c in text)),
        },
    )
)
def test_a_scenario_written_and_loaded_again_is_equal(file: Any, values: dict[str, Any]) -> None:
    made = override(load(file(GOOD), catalogue=CATALOGUE), values)
    again = load(file(to_toml(made), "again.toml"), catalogue=CATALOGUE)
    assert again == made
    assert again.digest == made.digest
    assert to_toml(again) == to_toml(made)


def test_texts_survive_toml() -> None:
    nasty = 'quote " backslash \\ tab \t line \n delete \x7f bell \x07 ключ 🗝'
    assert tomllib.loads(f"x = {toml_value(nasty)}")["x"] == nasty


# --------------------------------------------------------------------------------------------- what faults say


def test_all_faults_come_together_each_with_its_place(file: Any) -> None:
    path = file(
        """titel = "x"
[run]
weeks = "52"
start = 10.0
[society]
citizens = 2000
[watchin]
[watching]
coverage = 1.4
weights = [1, 2, "x"]
cameras = 2020-01-01
threshold = 3
[reference.listing]
threshold = nan
[reference.run]
[[listing]]
"""
    )
    assert faults(path) == (
        "x.toml, line 1: setting titel is not known. Did you mean title?",
        "x.toml, line 7: table watchin is not known. Did you mean watching?",
        "x.toml, [watching], line 12: key threshold is not known. It belongs in [listing].",
        "x.toml, [reference], line 15: both arms share [run]. Set it there, not under [reference].",
        "x.toml, line 16: listing is a list, not a table. Write [listing] in a line of its own and the settings under it.",
        'x.toml: title is missing. Begin the file with title = "…": what is run, in one line.',
        'x.toml, [run], line 3: weeks = "52" is a text, not a whole number. '
        "Write 52 without quotation marks: a whole number between 1 and 5200 (weeks).",
        "x.toml, [run], line 4: start = 10.0 is a decimal number, not a whole number. "
        "Write 10 without a decimal point: a whole number between 0 and 5200 (weeks).",
        "x.toml, [watching], line 9: coverage = 1.4 is above its range 0 to 1. Give a share between 0 and 1.",
        "x.toml, [watching], line 11: cameras = 2020-01-01 is a date or time, not a whole number. "
        "Give a whole number between 0 and 50 (cameras).",
        'x.toml, [watching], line 10: weights = [1, 2, "x"]: value 3, "x", is a text, not a number. '
        "Give a list of 3 values, each from 0 to 10 (points), for instance [1, 2, 3].",
        "x.toml, [reference.listing], line 14: threshold = nan is not a finite number. "
        "Give a number between 0.5 and 100 (points).",
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("coverage = -1", "coverage = -1 is below its range 0 to 1. Give a share between 0 and 1."),
        ("coverage = true", "coverage = true is true or false, not a number."),
        ("coverage = inf", "coverage = inf is not a finite number."),
        ("coverage = 1e999", "coverage = inf is not a finite number."),
        (f"coverage = {10**400}", "coverage = a whole number of more than 30 digits is too large a number."),
        (f"cameras = 0x{'f' * 9000}", "more than 30 digits is above its range 0 to 50"),
        ("coverage = [0.1]", "coverage = [0.1] is a list, not a number."),
        ("coverage = {a = 1}", "coverage = a table is a table, not a number."),
        ("covert = 1", "covert = 1 is a whole number, not true or false. Give true or false."),
        ('covert = "true"', "Write true without quotation marks"),
        ('manner = "hard"', 'manner = "hard" is not one of "mild", "harsh". Did you mean harsh?'),
        ("manner = 5", 'manner = 5 is not one of "mild", "harsh".'),
        ("weights = [1, 2]", "weights = [1, 2] is a list of 2 where 3 values are expected."),
        ("weights = [1, 2, 3, 4]", "is a list of 4 where 3 values are expected."),
        ("weights = [1, 2, 11]", "value 3, 11.0, is above the range 0 to 10."),
        ("weights = [-1, 2, 11]", "value 1, -1.0, is below the range 0 to 10."),
        ("weights = [1, nan, 3]", "value 2, nan, is not a finite number."),
        ("weights = 3", "weights = 3 is a whole number, not a list."),
        ("coverge = 0.1", "key coverge is not known. Did you mean coverage?"),
        ("x = 1", "key x is not known. Keys here are coverage, cameras, covert, manner, weights."),
        ('"\\u001b[2J" = 1', 'key "\\x1b[2J" is not known.'),
    ],
)
def test_a_fault_names_what_came_and_what_to_do(file: Any, line: str, says: str) -> None:
    found = only(file(GOOD.replace("coverage = 0.6", line)))
    assert says in found
    assert found.startswith("x.toml, [watching], line 12: ")
    assert found.isprintable()
    assert len(found) < 300


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "start = 10",
            "start = 53",
            "start = 53 is after the end of the run, weeks = 52. Start by week 52, or run longer.",
        ),
        (
            "start = 10",
            "start = 10\nrollout = 43",
            "rollout = 43 from start = 10 ends after the run, weeks = 52. Give a rollout",
        ),
        ("start = 10", "", "start is missing. Add start = a whole number between 0 and 5200 (weeks)."),
        ("[run]\nweeks = 52\nstart = 10", "", "the table [run] is missing. Add it, with weeks = a whole number"),
        ("[run]\nweeks = 52\nstart = 10", "run = 5", "run is a whole number, not a table. Write [run] in a line"),
        ('title = "A small regime"', "", "title is missing."),
        ('title = "A small regime"', "title = 5", "title = 5 is a whole number, not a text."),
        ('title = "A small regime"', 'title = " "', "title has 1 characters. Give between 1 and 200."),
        ('title = "A small regime"', 'title = "a\\u001b[31mb"', "holds characters that cannot be printed."),
        ('about = "For tests."', f'about = "{"a" * 20_001}"', "about has 20001 characters."),
        ('about = "For tests."', "weeks = 5", "setting weeks is not known. Did you mean run.weeks?"),
        (
            "[reference.watching]\ncoverage = 0.2",
            "[reference]\nwatching = 1",
            "reference.watching is a whole number, not a table.",
        ),
        (
            "[reference.watching]\ncoverage = 0.2",
            "[reference.watchin]",
            "mechanism watchin is not known. Did you mean watching?",
        ),
        ("[watching]", "reference = 1\n[watching]", "[society], line 11: key reference is not known."),
        ('about = "For tests."', "reference = 1", "not valid TOML"),
    ],
)
def test_faults_of_tables(file: Any, old: str, new: str, says: str) -> None:
    assert old in GOOD
    found = faults(file(GOOD.replace(old, new)))
    assert any(says in fault for fault in found), found
    assert all(fault.startswith("x.toml") for fault in found)


def test_a_fault_under_the_regime_is_not_reported_again_under_the_reference(file: Any) -> None:
    assert "[watching]" in only(file(GOOD.replace("0.6", "1.6")))
    assert "[reference.watching]" in only(file(GOOD.replace("0.2", "1.2")))


def test_lines_are_found_despite_strings_lists_and_comments_that_look_like_tables(file: Any) -> None:
    text = GOOD.replace(
        "coverage = 0.6",
        '# [listing]\nmanner = """\n[listing]\nthreshold = 1\n"""\nweights = [ # [\n 1,\n [2], 3]\n"coverage" = 1.4 # = 3',
    )
    found = faults(file(text))
    assert [fault.split(": ")[0] for fault in found] == [
        "x.toml, [watching], line 13",
        "x.toml, [watching], line 20",
        "x.toml, [watching], line 17",
    ]


def test_dotted_keys_and_inline_tables_are_found(file: Any) -> None:
    text = 'title = "x"\nrun = {weeks = 0, start = 0}\nsociety.citizens = 2000\nwatching.coverage = 2\n'
    assert [fault.split(": ")[0] for fault in faults(file(text))] == [
        "x.toml, [run], line 2",
        "x.toml, [watching], line 4",
    ]


def test_a_flood_of_faults_is_cut_short(file: Any) -> None:
    text = GOOD + "".join(f"unknown_{k} = 1\n" for k in range(40_000))
    found = faults(file(text))
    assert len(found) == MAX_MESSAGES + 1
    assert found[-1] == f"… and {40_000 - MAX_MESSAGES} more faults of this kind."


# ------------------------------------------------------------------------------------------------- files, no files


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "x.toml: the file is empty."),
        (b" \n\t\n", "x.toml: the file is empty."),
        (b"title = \n", "x.toml, line 1, column 9: not valid TOML: Invalid value."),
        (b'title = "a"\n[run\nweeks = 5', "x.toml, line 2, column 5: not valid TOML"),
        (b'title = "a', "x.toml, line 1 (end of the file): not valid TOML: Unterminated string."),
        (b"[run]\nweeks = 5\nweeks = 6\n", "x.toml, line 3, column 10: not valid TOML: Cannot overwrite a value."),
        (b"[run]\n[run]\n", "x.toml, line 2, column 5: not valid TOML: Cannot declare ('run',) twice."),
        (b'title = "a"\nx = \x00\n', "x.toml, line 2, column 5: not valid TOML"),
        (b"# \x00", "not valid TOML: Found invalid character '\\x00'"),
        (b'title = "a"\n\xff\xfe\n', "x.toml, line 2: byte 0xff is not UTF-8 text."),
        ('title = "a"'.encode("utf-16"), "x.toml: the file is UTF-16 text. Save it as UTF-8."),
        (b"\x89PNG\r\n\x1a\n", "x.toml, line 1: byte 0x89 is not UTF-8 text."),
        (b"x = " + b"[" * 100_000, "x.toml: brackets stand too deep in one another."),
        (b"x = " + b"{a = " * 50_000, "x.toml: brackets stand too deep in one another."),
        (b"y = 1\nx = " + b"9" * 5000, "x.toml, line 2: a number of several thousand digits."),
        (b"y = 1\n" + b"a." * 5000 + b"a = 1", "x.toml, line 2: a key of very many parts."),
        (b"x = 2020-02-30", "x.toml, line 1, column 5: not valid TOML: Invalid date or datetime."),
        (b"#" * 1_000_001, "x.toml: the file has more than 1,000,000 bytes."),
    ],
)
def test_what_is_no_scenario_file_is_refused_in_one_sentence(file: Any, data: bytes, says: str) -> None:
    found = only(file(data))
    assert says in found
    assert found.isprintable()
    assert len(found) < 250


def test_missing_files_folders_and_devices(file: Any, tmp_path: Path) -> None:
    file(GOOD, "sub/regime.toml")
    assert only("sub/regim.toml") == "sub/regim.toml: there is no such file. Did you mean regime.toml?"
    assert only("nowhere/x.toml").startswith("nowhere/x.toml: there is no such file. Check the path")
    assert only("sub") == "sub: this is a folder. Name the scenario file in it."
    assert only("/dev/zero").startswith("/dev/zero: this is no ordinary file.")
    assert "cannot be read" in only("a\x00b.toml")
    assert "cannot be read" in only("a" * 5000 + ".toml")
    assert "\\x1b" in only("\x1b.toml")
    assert only("no-such-thing").startswith("no scenario is called no-such-thing.")


def test_a_file_that_may_not_be_read(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = file(GOOD)
    monkeypatch.setattr(Path, "open", refuse)
    assert only(path) == "x.toml: the file cannot be read (Permission denied). Check its name and permissions."


def test_extends_missing_circular_deep_or_broken(file: Any) -> None:
    body = GOOD.replace("coverage = 0.6", "coverage = 1.6")
    file('extends = "b.toml"\n', "a.toml")
    file('extends = "a.toml"\n', "b.toml")
    assert only("a.toml").startswith("b.toml, line 1: extends: the scenarios extend one another in a circle.")
    missing = faults(file('extends = "aa.toml"\n' + body))
    assert missing[0] == "x.toml, line 1: extends: aa.toml: there is no such file. Did you mean a.toml?"
    assert len(missing) == 2
    assert "coverage = 1.6" in missing[1]
    assert "is no name" in only(file("extends = 5\n[watching]\n"))
    assert "no scenario is called nothing" in only(file('extends = "nothing"\n'))
    file("[run\n", "broken.toml")
    assert "extends: broken.toml, line 1, column 5: not valid TOML" in only(file('extends = "broken.toml"\n'))
    for depth in range(20):
        file(f'extends = "d{depth + 1}.toml"\n', f"d{depth}.toml")
    assert "more than 16 scenarios extend one another" in only("d0.toml")


def test_a_fault_in_an_extended_file_is_reported_there(file: Any) -> None:
    file(GOOD.replace("0.6", "1.6"), "base.toml")
    assert only(file('extends = "base.toml"\n[run]\nseed = 2\n')).startswith("base.toml, [watching], line 12: ")


def test_shipped_scenarios_are_found_by_name(file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = tmp_path / "library"
    shipped.mkdir()
    (shipped / "social-governance.toml").write_text(GOOD)
    (shipped / "mild.toml").write_text('extends = "social-governance"\ntitle = "Mild"\n')
    (shipped / "lost.toml").write_text('extends = "social-governanc"\ntitle = "Lost"\n')
    monkeypatch.setattr(sources, "library", lambda: shipped)
    (shipped / "rows").mkdir()
    (shipped / "rows" / "one.toml").write_text('extends = "mild"\ntitle = "One"\n')
    assert library_names() == ("lost", "mild", "rows/one", "social-governance")
    assert load("rows/one", catalogue=CATALOGUE).name == "one"
    assert load("mild", catalogue=CATALOGUE).name == "mild"
    assert load(file('extends = "mild"\ntitle = "Mine"\n'), catalogue=CATALOGUE).run.weeks == 52
    assert (
        "Did you mean social-governance? Shipped scenarios: lost, mild, social-governance, rows/… (1); "
        "`glasshouse list` shows all. Give one of"
    ) in only("social-govrnance")
    assert "extends: a shipped scenario extends social-governanc, which is none. Did you mean" in only("lost")


@pytest.mark.parametrize("name", library_names())
def test_every_shipped_scenario_loads_and_survives_being_written(file: Any, name: str) -> None:
    shipped = load(name)
    assert load(file(to_toml(shipped))) == shipped


# ------------------------------------------------------------------------------------------- settings, contradictions


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("weeks", "setting weeks: this is no setting. Write table.key=value, for instance run.weeks=52."),
        ("=5", "this is no setting."),
        ("run.weeks=", "this is no setting."),
        ("run weeks=5", "this is no setting."),
        ("run.weeks=[1", "the value is not valid TOML."),
        ("run.weeks=5\nseed=3", "the value is not valid TOML."),
        ("run.weeks=" + "[" * 10_000, "the value is not valid TOML."),
        ("run.weeks=" + "9" * 10_000, "the value is not valid TOML."),
        ("extends=x", "extends can only stand in a file."),
        ("coverage=1", "setting coverage is not known. Did you mean watching.coverage?"),
        ("watching.coverage=2", "setting watching.coverage=2, [watching]: coverage = 2 is above its range 0 to 1."),
        ("watching.covrage=0.2", "[watching]: key covrage is not known. Did you mean coverage?"),
        ("watching=2", "watching is a whole number, not a table."),
        ("run.weeks.x=2", "weeks = a table is a table, not a whole number."),
        ("weeks=5", "start = 10 is after the end of the run, weeks = 5."),
        ("reference.society.citizens=5", "both arms share [society]."),
        ("title=\udc80", "setting title=\\udc80: "),
        ("run.weeks=True", 'weeks = "True" is a text, not a whole number.'),
    ],
)
def test_wrong_settings_are_explained(file: Any, setting: str, says: str) -> None:
    found = only(file(GOOD), setting)
    assert says in found
    assert found.isprintable()
    assert len(found) < 300


def test_a_setting_without_its_table_is_asked_back_with_it() -> None:
    """Not with the name of a table that is spelled alike: [governance] for `coverage`."""
    with pytest.raises(
        ScenarioError, match=r"setting coverage is not known\. Did you mean observation\.coverage or firms"
    ):
        load("town", ["coverage=0.7"])
    with pytest.raises(
        ScenarioError, match=r"setting half_life is not known\. Did you mean \w+\.half_life or \w+\.half_life"
    ):
        load("town", ["half_life=7"])


def test_contradictions_are_refused_in_python_too() -> None:
    with pytest.raises(ValueError, match="after the end of the run"):
        Run(weeks=10, start=11)
    with pytest.raises(ValueError, match="outside 0.0 to 10.0|outside 0 to 10"):
        Watching(weights=(1, 2, 11))
    with pytest.raises(ValueError, match="finite"):
        Watching(weights=(1, 2, math.nan))


def test_two_tables_of_one_name_are_refused(file: Any) -> None:
    class Impostor(Mechanism):
        """Takes another's table."""

        name: ClassVar[str] = "run"

    with pytest.raises(ScenarioError, match="another table has this name"):
        load(file(GOOD), catalogue=(*CATALOGUE, Impostor))
    with pytest.raises(ScenarioError, match="another table has this name"):
        tables((Watching, Watching))


def test_values_are_shown_short_and_printable() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    for value in ("x" * 10_000, "\x1b\n\u202e\ud800" * 100, list(range(10_000)), deep, 10**5000, {"a": 1}, None):
        assert len(shown(value)) <= 64
        assert shown(value).isprintable()


def test_the_same_fault_is_reported_once() -> None:
    gathered = Faults()
    gathered.add("x", "wrong.")
    gathered.add("x", "wrong.")
    assert gathered.found == ("x: wrong.",)


# ------------------------------------------------------------------------------------------------------- for editors


def test_the_schema_for_editors_names_everything() -> None:
    schema = json_schema(CATALOGUE)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["properties"]) == {
        "title", "about", "extends", "run", "society", "agencies", "conduct_kinds", "watching", "listing", "reference", "change"
    }  # fmt: skip
    assert set(schema["properties"]["reference"]["properties"]) == {"watching", "listing"}
    assert set(schema["$defs"]["change"]["properties"]) == {"week", "about", "watching", "listing"}
    watching = schema["$defs"]["watching"]
    assert watching["additionalProperties"] is schema["additionalProperties"] is False
    single = {"type": "number", "minimum": 0, "maximum": 1}
    coverage = watching["properties"]["coverage"]
    assert coverage["anyOf"][0] == coverage["anyOf"][1]["properties"]["value"] == single
    assert coverage == {
        "anyOf": coverage["anyOf"],
        "description": "Share seen. Unit: share. Range: 0 to 1. Default: 0.1. Prior: 0.05 to 0.2. "
        "Source: assumption. Role: lever, of the regime alone.",
        "default": 0.1,
        "unit": "share",
        "prior": [0.05, 0.2],
        "source": "assumption",
        "role": "lever",
    }
    assert watching["properties"]["weights"]["anyOf"][0]["items"] == {"type": "number", "minimum": 0, "maximum": 10}
    complete = schema["anyOf"][1]
    assert complete["required"][:2] == ["title", "run"]
    assert complete["properties"]["run"]["required"] == ["weeks", "start"]
    for name, model in tables(CATALOGUE).items():
        assert set(schema["$defs"][name]["properties"]) == set(model.model_fields)
        assert all(key["description"] for key in schema["$defs"][name]["properties"].values())


def test_the_boundary_no_table_takes_records_of_persons() -> None:
    schema = json_schema()
    keys = [key for table in schema["$defs"].values() for key in table["properties"].values()]
    singles = [key["anyOf"][0] if "anyOf" in key else key for key in keys]
    assert "object" not in {single["type"] for single in singles if "type" in single}
    assert {frozenset(key["anyOf"][1]["properties"]) for key in keys if "anyOf" in key} == {
        frozenset({"value", "prior"})
    }
    lists = [single for single in singles if single.get("type") == "array"]
    # The longest has an element for each pair of agencies.
    assert all(key["maxItems"] <= MOST_AGENCIES**2 for key in lists)
    assert set(SHARED) == {"run", "society", "agencies", "conduct_kinds"}
    assert Scenario.__dataclass_fields__.keys() == {
        "title", "about", "run", "society", "mechanisms", "reference", "changes", "explicit_overrides", "priors", "declared", "name", "sources",
        "plugins",
    }  # fmt: skip


@pytest.mark.parametrize("name", library_names())
def test_every_value_of_a_shipped_scenario_has_its_reason_and_a_range(name: str) -> None:
    """What no publication gives is marked as assumed, and has the range over which studies vary it."""
    scenario = load(name)
    values, (*_, source) = scenario.settings(), scenario.sources
    for table, keys, line in _settings(source.text):
        if keys[0] == "change" and keys[2] == "about":
            continue
        stated = comment(source, keys)
        assert stated, f"{table} {line}"
        apart = table.startswith("[reference.")
        if table in ("[run]", "[society]", "[agencies]", "[conduct_kinds]") or (
            keys[0] == "change" and keys[2] == "week"
        ):
            continue
        if apart and "as under the regime" in stated:
            # What the reference takes over has its value and its reason where the regime sets it.
            assert values[keys] == values[keys[1:]], f"{table} {line}"
            regime_reason = reason(scenario, keys[1:], values[keys[1:]])
            assert re.search(r"\b[A-F]\d|assumed|; design", regime_reason), f"{table} {line}"
            continue
        fixed = "; design" in stated or "no effect" in stated or (apart and "the row's zero" in stated)
        assert re.search(r"\b[A-F]\d|assumed", stated) or fixed, f"{table} {line}"
        assert "prior = [" in line or fixed, f"{table} {line}"
        assert not re.search(r"\d to \d|half to double", stated.partition("assumed")[2]), f"{table} {line}"


def _settings(text: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The header of the table, the full name and the line of every setting below a header."""
    table, changes = "", 0
    for line in text.splitlines():
        if line.startswith("["):
            changes += line == "[[change]]"
            table = line.replace("[[change]]", "[change]").replace("[change", f"[change.{changes}")
        elif table and " = " in line.partition("#")[0]:
            yield table, (*table.strip("[]").split("."), line.partition(" =")[0]), line


@pytest.mark.parametrize("named", ['extends = "a\\u0000b.toml"', 'extends = "loop.toml"', 'extends = "loop/x.toml"'])
def test_what_is_no_file_name_and_links_in_a_circle_are_one_message(tmp_path: Path, named: str) -> None:
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "x.toml").write_text(f'{named}\ntitle = "X"\n')
    with pytest.raises(ScenarioError, match="extends: .*cannot be read|extends: .*no such file"):
        load(tmp_path / "x.toml")
    for link in ("loop.toml", "loop/x.toml"):
        with pytest.raises(ScenarioError, match="cannot be read"):
            load(tmp_path / link)

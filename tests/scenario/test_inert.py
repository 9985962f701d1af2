"""What a valid scenario sets without any effect is found, and nothing else."""

from pathlib import Path

import pytest

from glasshouse.scenario.files import library_names
from glasshouse.scenario.inert import inert
from glasshouse.scenario.scenario import load


def of(*settings: str, text: str = 'extends = "town"\ntitle = "Mine"\n', folder: Path) -> str:
    (folder / "mine.toml").write_text(text)
    return "\n".join(inert(load(folder / "mine.toml", ("run.weeks=100", "run.start=20", *settings))))


def test_a_change_after_the_end_of_the_run(tmp_path: Path) -> None:
    settings = ("change.1.week=50", "change.1.observation.coverage=0.5", "change.2.observation.coverage=0.4")
    assert of(*settings, "change.2.week=100", folder=tmp_path) == (
        "change.2.week = 100 is at or after the end of the run, weeks = 100: this change is never in force."
    )
    assert of(*settings, "change.2.week=99", folder=tmp_path) == ""


def test_a_shock_after_the_end_of_the_run(tmp_path: Path) -> None:
    note = "shocks.dated_week = 400 is at or after the end of the run, weeks = 100: it never comes."
    assert of("shocks.dated_week=400", "shocks.dated_size=2", folder=tmp_path) == note
    assert of("shocks.dated_week=100", "shocks.dated_size=2", folder=tmp_path).startswith(
        "shocks.dated_week = 100 is at or"
    )
    assert of("shocks.dated_week=99", "shocks.dated_size=2", folder=tmp_path) == ""


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (("run.start=100",), "no district joins the regime: it begins in run.start = 100"),
        (("run.rollout=80",), "about 1% of districts never join the regime"),
        (("run.rollout=79",), ""),
        (("run.rollout=79", "run.until=60"), "about 50% of districts never join the regime"),
        (("run.rollout=30", "run.until=60"), ""),
    ],
)
def test_a_roll_out_that_does_not_reach_everybody(settings: tuple[str, ...], says: str, tmp_path: Path) -> None:
    found = of(*settings, folder=tmp_path)
    assert found.startswith(says)
    assert bool(found) == bool(says)


def test_a_lever_of_a_mechanism_that_is_switched_off(tmp_path: Path) -> None:
    note = "loyalty.by_praise has no effect: loyalty is switched off (active = 0)."
    off = "[loyalty]\nactive = 0.0\nby_praise = 0.2\n"
    text = f'extends = "town"\ntitle = "Mine"\n{off}'
    assert of(text=text, folder=tmp_path) == note
    assert of("loyalty.active=0", "loyalty.by_praise=0.3", folder=tmp_path) == note
    assert of("loyalty.active=0.5", text=text, folder=tmp_path) == ""
    assert of("loyalty.active=0", folder=tmp_path) == ""
    assert of("change.1.week=50", "change.1.loyalty.active=0.5", text=text, folder=tmp_path) == ""
    on = "[[change]]\nweek = 50\n[change.loyalty]\nby_praise = 0.3\n"
    assert "change.1.loyalty.by_praise has no effect" in of(text=text + on, folder=tmp_path)
    assert of("reference.loyalty.active=0", "reference.loyalty.by_praise=0.2", "loyalty.active=1", folder=tmp_path) == (
        "reference.loyalty.by_praise has no effect: loyalty is switched off (active = 0)."
    )


@pytest.mark.parametrize("name", library_names())
def test_every_shipped_scenario_has_an_effect_in_all_that_it_sets(name: str) -> None:
    assert inert(load(name)) == ()

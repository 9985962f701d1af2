"""What follows from disclosed counts: intervals hold known truths, counts carry their own error, and misuse is refused."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from glasshouse.analysis.calibration import condition as conditioning
from glasshouse.analysis.calibration.condition import condition, measures_of
from glasshouse.analysis.calibration.disclosed_counts import Count
from glasshouse.analysis.calibration.targets import Targets, load
from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.report.condition_page import condition_page
from glasshouse.report.condition_words import CANNOT, sentence, trials_text, warnings
from glasshouse.report.i18n import words
from glasshouse.study.factor import Factor

FILE = """
title = "An office"
[targets.flagged]
what = "people flagged in a year"
expression = "flagged / adults"
window = [0, 52]
reason = "counted once a year"
kind = "disclosed"
body = "an office"
date = "2026-02-01"
reference = "FOI-2026-17"
count = {flagged}
of = 40_000
[targets.found]
what = "of these, people about whom something was found"
expression = "found / flagged"
window = [0, 52]
reason = "rounded to ten"
kind = "disclosed"
body = "an office"
date = "2026-02-01"
reference = "FOI-2026-17"
count = {found}
among = "flagged"
rounded = 10
"""


def shares(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flagged among all, found among the flagged, and the harm that nobody publishes."""
    return 0.03 + 0.1 * a, 0.2 + 0.3 * b + 0.1 * a, 0.05 + 0.2 * a * (1.2 - b)


def office(count: int, seed: int, kind: str = "random") -> SimpleNamespace:
    """Runs of a made-up office: two settings, an idle third one, and a little random variation of each society."""
    rng = np.random.default_rng(seed)
    points = rng.random((count, 3))
    flagged, found, harm = (
        share * np.exp(rng.normal(0.0, 0.03, count)) for share in shares(points[:, 0], points[:, 1])
    )
    columns = {
        "sum:flagged@0-52.regime": flagged, "sum:adults@0-52.regime": np.ones(count), "sum:found@0-52.regime": found * flagged,
        "wrongly_listed_share.regime": harm, "wrongly_listed_share": harm - 0.01,
    }  # fmt: skip
    factors = tuple(Factor(name, 0.0, 1.0) for name in ("office.flags", "office.finds", "office.idle"))
    return SimpleNamespace(
        name="office", design=SimpleNamespace(factors=factors, points=points), measures=("wrongly_listed_share",),
        definition={"design": {"kind": kind}, "replicates": 1, "paired": False, "scenario": "title = 'office'"},
        figures=SimpleNamespace(columns=columns), outputs=lambda name: columns[name][:, None],
    )  # fmt: skip


def disclosed(folder: Path, flagged: int = 3000, found: int = 1200) -> Targets:
    path = folder / "office.toml"
    path.write_text(FILE.format(flagged=flagged, found=found))
    return load(path)


def test_a_count_gives_figure_and_error(tmp_path: Path) -> None:
    flagged, found = disclosed(tmp_path).every
    assert flagged.figure == 3000 / 40_000
    assert flagged.error == pytest.approx(
        (flagged.figure * (1 - flagged.figure) / 40_000 + (1 / 40_000) ** 2 / 12) ** 0.5
    )
    assert found.count == Count(1200, 3000, 10)


def test_drawn_counts_have_the_error_that_a_count_has() -> None:
    """The standard deviation of 4,000 draws is known to 1.1 %; a bound of 4 % errs once in 2,000."""
    drawn = Count(1200, 3000, 10).drawn(np.full(4000, 0.4), 1)
    assert drawn.std() == pytest.approx(Count(1200, 3000, 10).error, rel=0.04)
    assert np.abs(drawn * 300 - np.round(drawn * 300)).max() < 1e-9
    assert Count(5000, 1000).drawn(np.full(4000, 5.0), 1).std() == pytest.approx((5 / 1000) ** 0.5, rel=0.04)


def test_intervals_hold_the_truth_as_often_as_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 200 truths drawn from the ranges, with counts drawn for each, a right 90 % interval holds 161 to 195 in all but one
    seed of 1,000; there are four of them. What is known before, or a count that is taken for a truth, does not."""
    monkeypatch.setattr(conditioning, "TRIALS", 0)
    runs, rng = office(1500, 1), np.random.default_rng(2)
    held, narrower = np.zeros(4), []
    tried = 0
    while tried < 200:
        point = rng.random(3)
        flagged, found, harm = (float(share) * np.exp(rng.normal(0.0, 0.03)) for share in shares(point[0], point[1]))
        cells = rng.multinomial(40_000, [flagged * found, flagged * (1 - found), 1 - flagged])
        try:
            known = condition(disclosed(tmp_path, cells[0] + cells[1], round(cells[0], -1)), runs, seed=tried)
        except AnalysisError:  # farther out than every run, which happens to 2 in 1,501
            continue
        tried += 1
        truths = (*point, harm)
        held += [
            low <= truth <= high
            for truth, (low, _, high) in zip(
                truths, [one.after for one in known.settings] + [known.outcomes[0].after], strict=True
            )
        ]
        narrower.append(known.settings[0].learnt)
    assert ((held >= 161) & (held <= 195)).all(), held
    assert np.mean(narrower) > 0.5


def test_what_was_learnt_is_said_and_the_trials_agree(tmp_path: Path) -> None:
    found = condition(disclosed(tmp_path), office(900, 3))
    flags, finds, idle = found.settings
    assert flags.learnt > 0.6
    assert finds.learnt > 0.4
    assert abs(idle.learnt) < 0.1
    assert sentence(found).startswith("The 2 counts narrow office.flags, office.finds.")
    low, high = found.expected
    assert found.trials + found.refused == 100
    assert all(low <= one.covered <= high for one in (*found.settings, *found.outcomes))
    assert "taken for the truth" in trials_text(found)
    level, effect = found.outcomes
    assert (level.arm, effect.arm) == ("regime", "effect")
    assert level.after[0] - effect.after[0] == pytest.approx(0.01, abs=0.003)


def test_no_interval_passes_what_is_possible(tmp_path: Path) -> None:
    runs = office(600, 4)
    runs.figures.columns["wrongly_listed_share.regime"] = np.maximum(
        runs.figures.columns["wrongly_listed_share.regime"] - 0.15, 0.0
    )
    found = condition(disclosed(tmp_path, 1600, 640), runs)
    assert found.outcomes[0].before[0] == 0.0
    assert found.outcomes[0].after[0] >= 0.0


def test_a_page_says_what_simulation_cannot_show(tmp_path: Path) -> None:
    page = condition_page(condition(disclosed(tmp_path), office(600, 3)))
    assert all(text in page for text in CANNOT)
    for text in ("people flagged in a year", "3,000", "40,000", "disclosed by an office, 2026-02-01", "office.idle"):
        assert text in page


def test_few_runs_give_no_interval(tmp_path: Path) -> None:
    found = condition(disclosed(tmp_path), office(40, 3), share=0.5)
    assert not found.enough
    assert "no interval is given" in sentence(found)
    assert "too few runs" in condition_page(found)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("count = 3000", "count = 49", "counts below 50"),
        ("of = 40_000", "of = 3_020", "leaves 20: fewer than 50"),
        ("count = 1200", "count = 3001", r"3,001 cannot be among 3,000 \(flagged\)"),
        ('among = "flagged"', 'among = "found"', "leaves 0"),
        ('among = "flagged"', 'among = "nothing"', "no target nothing with a count"),
        ("of = 40_000", 'of = 40_000\namong = "found"', "either a number"),
        ("count = 3000", "count = 3000\nfigure = 0.1", "Leave them out"),
        ('kind = "disclosed"', "", "of kind"),
        ('expression = "flagged / adults"', 'expression = "protests / adults"', "does to the state"),
        ("count = 3000\nof = 40_000", "", "give what was published"),
    ],
)
def test_what_is_no_count_of_many_is_refused(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = FILE.format(flagged=3000, found=1200)
    assert old in text
    (tmp_path / "wrong.toml").write_text(text.replace(old, new, 1))
    with pytest.raises(ScenarioError, match=fault):
        load(tmp_path / "wrong.toml")


def test_nothing_of_the_state_follows(tmp_path: Path) -> None:
    for name in ("protest", "control", "nothing"):
        with pytest.raises(AnalysisError, match="of people alone"):
            measures_of([name])
    with pytest.raises(AnalysisError, match="no sample of what is varied"):
        condition(disclosed(tmp_path), office(100, 1, "grid"))
    with pytest.raises(AnalysisError, match="is not there in every run"):
        condition(disclosed(tmp_path), office(100, 1), ["trap"])
    with pytest.raises(AnalysisError, match="farther out than anything"):
        condition(disclosed(tmp_path, 30_000, 12_000), office(100, 1))


def test_counts_of_a_group_are_held_against_the_sums_of_that_group(tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    text = FILE.format(flagged=3000, found=1200)
    path.write_text(text.replace('expression = "found / flagged"', 'expression = "found / flagged"\ngroup = "migrant"'))
    targets = load(path)
    assert targets.outputs()["sums"] == ("flagged", "adults", "migrant:found", "migrant:flagged")
    runs = office(2000, 1)
    columns = runs.figures.columns
    columns["sum:migrant:flagged@0-52.regime"] = np.ones(2000)
    columns["sum:migrant:found@0-52.regime"] = columns["sum:found@0-52.regime"] / columns["sum:flagged@0-52.regime"]
    found, plain = condition(targets, runs), condition(disclosed(tmp_path), office(2000, 1))
    assert [one.after for one in found.settings] == [one.after for one in plain.settings]
    assert "(migrant)" in condition_page(found)
    assert "(zugewandert)" in condition_page(found, "de") or "(migrant)" not in condition_page(found, "de")


def test_a_measure_has_no_group(tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    text = FILE.format(flagged=3000, found=1200)
    path.write_text(text.replace('expression = "found / flagged"', 'measure = "trap"\ngroup = "migrant"'))
    with pytest.raises(ScenarioError, match="a measure is of everybody"):
        load(path)


def test_the_page_is_written_in_german(tmp_path: Path) -> None:
    found = condition_page(condition(disclosed(tmp_path), office(2000, 1)), "de")
    assert '<html lang="de">' in found
    for text in ("Was offengelegt wurde", "Welche Einstellungen plausibel bleiben", "3.000", "40.000"):
        assert text in found
    assert "What follows" not in found


def test_warnings_are_written_in_german_too(tmp_path: Path) -> None:
    found = replace(condition(disclosed(tmp_path), office(900, 3)), reach=0.001, left_out=12)
    found = replace(found, definition={**found.definition, "paired": True})
    english, german = warnings(found), warnings(found, words("de"))
    assert [text[:9] for text in english] == ["Fewer tha", "12 runs h", "All point"]
    assert [text[:9] for text in german] == ["Weniger a", "12 Läufe ", "Alle Punk"]
    assert all(text in condition_page(found, "de") for text in german)

"""Regimes against published figures: what is fitted, frozen and compared, in this order."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import regime_page
import regimes
from regime_models import REGIMES, Regime, in_logarithms
from regime_page import Verdict, verdicts
from regime_stories import CHOSEN, SHARE, TOP_TWO, Request, Story, chain, gaps_of_the_score, request
from regimes import FOLDER, basis, digest, figures_of, fit, freeze, frozen_fit, settings_at

ODDS, BIAS, CONFIRMATION = 0.02, 6.0, 3.0
SETTINGS = {
    "recipients.odds": ODDS, "recipients.odds_minority": 2.0, "screening.quality": 0.7, "screening.weight_minority": 0.4,
    "screening.reviewer_quality": 0.8, "screening.trust": 0.6, "screening.reviewer_weight_minority": 0.3,
    "investigation.sensitivity": 0.8, "investigation.specificity": 0.98, "investigation.confirmation": CONFIRMATION,
    "investigation.false_finding_minority": BIAS,
}  # fmt: skip


def pretended(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Regime:
    """A regime whose figures are made up in a moment, with folders of its own."""

    def made(settings: Any) -> dict[str, float]:
        assert all(key in settings for key in ("screening.weight_minority", "run.seed"))
        share = settings["recipients.odds"]
        return {
            "lot": share,
            "top_two_rest": 0.14,
            "top_two_minority": 0.1 + settings["screening.weight_minority"] / 3.0,
        }

    monkeypatch.setattr(regimes, "FOLDER", folder)
    for name in ("fitted", "held-out", "frozen"):
        (folder / name).mkdir()
    fitted = (FOLDER / "fitted" / "student-grants.toml").read_text(encoding="utf-8")
    (folder / "fitted" / "student-grants.toml").write_text(fitted, encoding="utf-8")
    odds = {"recipients.odds_minority": (0.3, 7.8)}
    tied = {"reference.screening.weight_minority": "screening.weight_minority"}
    return Regime("student-grants", "Pretended", made, made, odds, tied)


def test_a_fit_reads_no_held_out_figure_and_finds_what_was_fitted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    regime = pretended(monkeypatch, tmp_path)
    # There is no held-out file in this folder, so that reading one would fail.
    found = fit(regime, 200, 40)
    shares = [one["lot"] for one in found["predicted"]]
    assert np.median(shares) == pytest.approx(0.026, abs=0.008)  # its standard error
    assert np.median([one["screening.weight_minority"] for one in found["kept"]]) == pytest.approx(0.54, abs=0.1)
    assert all(one["reference.screening.weight_minority"] == one["screening.weight_minority"] for one in found["kept"])
    assert found == fit(regime, 200, 40)


@pytest.mark.parametrize("part", ["predicted", "fitted figures"])
def test_what_was_changed_after_it_was_frozen_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, part: str
) -> None:
    regime = pretended(monkeypatch, tmp_path)
    freeze(regime.name, fit(regime, 60, 5))
    frozen_fit(regime)
    if part == "predicted":
        file = tmp_path / "frozen" / "student-grants.json"
        content = json.loads(file.read_text(encoding="utf-8"))
        content["predicted"][0]["lot"] = 0.5
        file.write_text(json.dumps(content), encoding="utf-8")
    else:
        file = tmp_path / "fitted" / "student-grants.toml"
        file.write_text(file.read_text(encoding="utf-8").replace("0.026", "0.027"), encoding="utf-8")
    with pytest.raises(SystemExit, match="Fit again"):
        frozen_fit(regime)


@pytest.mark.parametrize("regime", REGIMES, ids=lambda one: one.name)
def test_what_ships_is_frozen_on_the_shipped_scenario_and_held_out_figures_are_no_fitted_ones(regime: Regime) -> None:
    frozen = frozen_fit(regime)
    assert frozen["basis"] == basis(regime)
    fitted, held_out = figures_of("fitted", regime.name), figures_of("held-out", regime.name)
    assert not set(fitted) & set(held_out)
    assert all({*fitted, *held_out} <= set(one) for one in frozen["predicted"])
    page = (Path(regimes.__file__).parent.parent / "docs" / "regimes.md").read_text(encoding="utf-8")
    held_out_hash = digest((FOLDER / "held-out" / f"{regime.name}.toml").read_text(encoding="utf-8"))
    assert all(f"`{one}`" in page for one in (*frozen["basis"].values(), frozen["hash"], held_out_hash))
    assert all(f"| {one['what']} | " in page for one in (*fitted.values(), *held_out.values()))


@pytest.mark.parametrize("regime", REGIMES, ids=lambda one: one.name)
def test_settings_are_drawn_within_their_priors(regime: Regime) -> None:
    factors = regime.factors()
    assert len(factors) == {"income-averaging": 5}.get(regime.name, 11)
    for share in (0.0, 0.5, 1.0):
        found = settings_at(regime, [one.low + share * (one.high - one.low) for one in factors])
        if share == 0.5 and regime.name == "student-grants":
            assert found["recipients.odds"] == pytest.approx((0.005 * 0.06) ** 0.5)
            assert found["investigation.sensitivity"] == pytest.approx((0.6 + 0.95) / 2)
    assert in_logarithms((0.1, 0.5))
    assert not in_logarithms((0.1, 0.4))
    assert not in_logarithms((0.0, 9.0))


def test_a_figure_is_a_hit_a_miss_or_empty() -> None:
    frozen = {"predicted": [{"x": float(one), "y": float(one) ** 2} for one in range(10, 91)]}
    published = {"x": {"what": "x", "value": 50.0, "unit": "%"}, "y": {"what": "y", "value": 500.0, "unit": "ratio"}}
    x, y = verdicts(frozen, published)
    assert (x.low, x.middle, x.high) == pytest.approx((14.0, 50.0, 86.0))
    assert (x.verdict, y.verdict) == ("hit", "empty")
    assert x.line("held out") == "| x | 50 % | 50 % | 14 to 86 | ×6.1 | held out | hit |  |"
    assert Verdict("z", 9.0, 5.0, 4.0, 8.0, "%").verdict == "miss"
    assert "**miss** | the model is too low" in Verdict("z", 9.0, 5.0, 4.0, 8.0, "%").line(
        "held out", "the model is too low"
    )
    assert Verdict("z", 1.0, 5.0, 0.0, 8.0, "%").verdict == "empty"


def test_the_closed_form_is_that_of_the_chain_of_choices() -> None:
    """Against 4,000,000 synthetic students, whose error is a hundredth at most where a thousandth is chosen."""
    rng = np.random.default_rng(3)
    number = 4_000_000
    minority = rng.random(number) < SHARE
    odds = ODDS * np.where(minority, 2.0, 1.0)
    y = rng.random(number) < odds / (1.0 + odds)
    d, own, trust = 0.7416, 1.1902, 0.6  # sqrt(2) z(0.7), sqrt(2) z(0.8)
    score = d * y + 0.4 * minority + rng.standard_normal(number)
    judged = (trust * score + (1.0 - trust) * (own * y + rng.standard_normal(number))) / np.hypot(
        trust, 1.0 - trust
    ) + 0.3 * minority
    top, chosen = score > np.quantile(score, 1.0 - TOP_TWO), judged > np.quantile(judged, 1.0 - CHOSEN)
    found = {
        name: float(values) for name, values in chain({key: np.array(one) for key, one in SETTINGS.items()}).items()
    }
    false = 0.02 * CONFIRMATION
    for name, who, bias in (("rest", ~minority, 1.0), ("minority", minority, BIAS)):
        assert found[f"top_two_{name}"] == pytest.approx(top[who].mean(), rel=0.005)
        assert found[f"chosen_{name}"] == pytest.approx(100.0 * chosen[who].mean(), rel=0.03)
        right = y[who & chosen].mean()
        assert found[f"found_{name}"] == pytest.approx(100.0 * (0.8 * right + false * bias * (1.0 - right)), rel=0.03)
    assert found["lot"] == pytest.approx(0.8 * y.mean() + 0.02 * (1.0 - y.mean()), rel=0.005)


def test_the_least_request_is_for_power_and_for_cells_that_may_be_published() -> None:
    unequal = Story("far apart", ({},), ({"lot_minority": 0.08, "lot_rest": 0.008},))
    biased = Story("biased", ({},), ({"lot_minority": 0.025, "lot_rest": 0.025},))
    asked = request(unequal, biased)
    assert asked.rates == (0.08, 0.008)
    assert asked.for_power is not None
    assert 100 < asked.for_power < 400
    assert asked.for_cells == int(np.ceil(50 / (SHARE * 0.025)))
    lines = "\n".join(regime_page.told_apart(*_described(unequal, biased), Request((0.08, 0.008), 250, 9071)))
    assert "8.0 and 0.8 %" in lines
    assert "from 250 cases on" in lines
    assert "9,071" in lines


def _described(*stories: Story) -> tuple[Story, ...]:
    names = (
        "top_two_rest",
        "top_two_minority",
        "lot",
        "chosen_rest",
        "chosen_minority",
        "found_rest",
        "found_minority",
    )
    figures = dict.fromkeys((*names, "wrong_of_found"), 1.0)
    return tuple(Story(one.name, (SETTINGS,), ({**figures, **one.figures[0]},)) for one in stories)


def test_the_score_alone_chooses_with_its_own_weight_and_signal() -> None:
    """At trust 1 without a reviewer's weight a choice by hand is that of the score."""
    without = {**SETTINGS, "screening.reviewer_quality": 0.9}
    assert gaps_of_the_score([SETTINGS, without]) == pytest.approx(gaps_of_the_score([SETTINGS])[0])
    blind = {**SETTINGS, "screening.weight_minority": 0.0, "recipients.odds_minority": 1.0}
    assert gaps_of_the_score([blind]) == pytest.approx(1.0)

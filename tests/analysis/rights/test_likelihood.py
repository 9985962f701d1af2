"""Bands of likelihood: where each begins, and what stands where there is none."""

import math

import pytest

from glasshouse.analysis.rights.likelihood import band, likelihood


@pytest.mark.parametrize(
    ("share", "name"),
    [
        (0.0, "under 5 %"),
        (0.049, "under 5 %"),
        (0.05, "5 to 20 %"),
        (0.2, "20 to 50 %"),
        (0.5, "50 to 80 %"),
        (0.8, "50 to 80 %"),
        (0.81, "over 80 %"),
        (1.0, "over 80 %"),
    ],
)
def test_bands_cover_every_share(share: float, name: str) -> None:
    assert band(share) == name


def test_a_share_of_settings_stands_with_its_interval_and_with_what_is_undefined() -> None:
    found = likelihood([10.0, 20.0, 30.0, math.nan], 15.0)
    assert (found.over, found.defined, found.draws, found.band) == (2, 3, 4, "50 to 80 %")
    assert (found.median, found.share_low < 2 / 3 < found.share_high) == (20.0, True)
    assert (
        found.text
        == "50 to 80 %, 2 of 3 plausible settings (95 % interval of the share: 21 to 94 %; undefined in 1 more)"
    )


def test_a_value_on_the_mark_does_not_exceed_it() -> None:
    assert likelihood([15.0], 15.0).over == 0


def test_without_draws_or_figures_there_is_no_band() -> None:
    assert likelihood([], 1.0).text == "no plausible settings were drawn"
    assert likelihood([math.nan], 1.0).text == "undefined in all 1 plausible settings"
    assert likelihood([math.nan], 1.0).facts()["share_low"] is None

"""Pages of replications: ours beside the published figures, what differs with its cause, legends and digits."""

import re

import numpy as np
import pytest

from glasshouse.replications.replication import Chart, Figure, Line, Outcome, Target, exactly, near, shown
from glasshouse.replications.threshold_models import Kuran
from glasshouse.report import charts
from glasshouse.report.replication import drawing, page, simulate
from glasshouse.report.replication import ours as told
from glasshouse.results.estimate import Estimate, from_replicates
from tests.helpers.html import read


def test_a_page_sets_ours_beside_the_published_and_needs_no_network() -> None:
    html = page(simulate(Kuran, seed=1))
    read(html)
    assert "6 of 6 figures come out" in html
    assert "World Politics" in html
    assert html.count("<tr>") == 7
    assert html.count('role="img"') == 1
    assert "stroke-dasharray" in html
    assert "Nothing differs" in html
    assert not re.search(r"(src|href)=\"(?!#)", html)


class Wrong(Kuran):
    """Figures that cannot come out."""

    targets = (near("T1.e", "<b>open</b> opposition", 60.0, 1.0, "made up", "%"), shown("T1.f", "shown", None, "w"))
    differs = {"T1.e": "made up"}

    def simulate(self, seed: int) -> Outcome:
        return Outcome({"T1.e": exactly(10.0), "T1.f": exactly(-2.5)})


def test_what_differs_is_said_with_its_cause() -> None:
    run = simulate(Wrong, seed=1)
    html = page(run)
    assert run.sentence == "0 of 1 figures come out as published, derived or claimed; T1.e differs."
    assert "<strong>differs</strong>" in html
    assert "<strong>T1.e</strong>: made up" in html
    assert "<b>open" not in html
    assert "−2.5" in html
    assert "no number" in html


def test_a_legend_shows_every_sign_as_it_is_drawn() -> None:
    """Lines, our points and published ones have a legend each; nine lines look unlike one another without colour too."""
    x = np.array([1.0, 2.0, 3.0])
    lines = tuple(Line(f"line {k}", x, x + k, low=x, high=x + 9) for k in range(9))
    points = (Line("ours", x, x, "points"), Line("theirs", x, x, "points", published=True))
    spec = drawing(Chart("t", "x", "y", (*lines, *points), "s"))
    bands, groups = spec["layer"][:9], spec["layer"][9:]
    assert all("color" not in band["encoding"] for band in bands)
    assert [len(group["layer"]) for group in groups] == [9, 1, 1]
    assert [layer["mark"].get("filled") for group in groups[1:] for layer in group["layer"]] == [True, False]
    drawn = [layer["encoding"] for layer in groups[0]["layer"]]
    signs = {
        (str(e["color"]["scale"]["range"][k]), str(e["strokeDash"]["scale"]["range"][k])) for k, e in enumerate(drawn)
    }
    assert len(signs) == 9
    assert all(e["color"]["scale"]["domain"] == [line.name for line in lines] for e in drawn)
    legend = charts.svg(spec, "t")
    assert legend.count(">theirs<") == legend.count(">ours<") == legend.count(">line 8<") == 1


@pytest.mark.parametrize(
    ("ours", "target", "said"),
    [
        (exactly(12.3456), near("a", "a", 12.0, 0.5, "w"), "12.35"),
        (from_replicates(np.array([0.1, 0.2, 0.3])), near("a", "a", 0.2, 0.1, "w"), "0.20 (−0.05 to 0.45)"),
        (exactly(7.0), near("a", "a", 7.0, 0.0, "w"), "7"),
        (from_replicates(np.array([])), near("a", "a", 7.0, 0.0, "w"), "not found"),
    ],
)
def test_figures_show_the_digits_that_their_band_needs(ours: Estimate, target: Target, said: str) -> None:
    assert told(Figure(target, ours)) == said

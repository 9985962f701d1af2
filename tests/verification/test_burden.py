"""Ratios of wrongful restriction by income, and the share of draws above 1."""

import math
import types

import numpy as np
import pages
import pytest
from burden import COUNTS, SCENARIOS, Burden, ratio, table

from glasshouse.model.mechanisms.legality import Legality
from glasshouse.model.mechanisms.restrictions import Restrictions
from glasshouse.scenario.files import library_names


def sums(adults: float, wrongly: float) -> types.SimpleNamespace:
    return types.SimpleNamespace(adults=adults, listed_wrongly=wrongly)


def test_the_ratio_is_of_shares_and_undefined_where_others_have_none() -> None:
    assert ratio(sums(200.0, 12.0), sums(800.0, 16.0), "listed_wrongly") == pytest.approx(3.0)
    assert ratio(sums(200.0, 0.0), sums(800.0, 16.0), "listed_wrongly") == 0.0
    assert math.isnan(ratio(sums(200.0, 12.0), sums(800.0, 0.0), "listed_wrongly"))


def test_a_draw_without_a_ratio_counts_as_no() -> None:
    found = Burden("town", "by the own rule", (2.0, 0.5, 4.0, math.nan))
    assert found.share == 0.5
    assert found.error == pytest.approx(0.25)
    assert found.line() == "| `town` | by the own rule | 50 ± 25 % | 2.00 | 0.65 to 3.80 | 1 |"
    assert "| nan |" in Burden("town", "undeserved", (math.nan,)).line()


def test_the_table_names_the_command_and_what_is_published() -> None:
    lines = table([Burden("town", "undeserved", (1.5, 2.5))], "python verification/burden.py")
    assert lines[0].startswith("Written by `python verification/burden.py`")
    assert lines[-1].startswith("Published: ")
    assert "2.7" in lines[-1]
    # Two fifths of the victims in one fifth of the people, against three fifths in four.
    assert np.isclose((0.4 / 0.2) / (0.6 / 0.8), 2.7, atol=0.05)


def test_scenarios_sums_and_the_place_in_the_page_exist() -> None:
    assert set(SCENARIOS) <= set(library_names())
    assert set(COUNTS.values()) <= {total.name for total in (*Restrictions.sums, *Legality.sums)}
    assert "<!-- burden -->" in pages.MODEL.read_text(encoding="utf-8")

"""Targets: a file of published aggregates, checked as a whole, and what stands for each in a study's figures."""

import re
from pathlib import Path

import numpy as np
import pytest

from glasshouse.analysis.calibration import targets
from glasshouse.errors import ScenarioError

FILE = """
title = "Lists"
study = "study.toml"

[targets.listed]
what = "Ever listed"
expression = "court_listings / adults * weeks"
window = [104, 364]
figure = 0.011
range = [0.009, 0.013]
reason = "some are organisations"
source = "a court"

[targets.chill]
what = "Complaints that stay away"
measure = "chilling"
arm = "effect"
window = [104, 130]
figure = 0.1
error = 0.02
reason = "two studies"
source = "a journal"
use = "held out"
"""


def written(folder: Path, text: str = FILE) -> Path:
    path = folder / "lists.toml"
    path.write_text(text)
    return path


def test_a_file_gives_its_targets_and_what_a_study_must_keep(tmp_path: Path) -> None:
    found = targets.load(written(tmp_path))
    assert (found.name, found.title, found.study) == ("lists", "Lists", str(tmp_path / "study.toml"))
    listed, chill = found.every
    assert listed.error == pytest.approx(0.004 / (2 * 1.959964))
    assert chill.error == 0.02
    assert found.fitted == (listed,)
    assert listed.sums == ("court_listings", "adults")
    wanted = {"measures": ("chilling",), "sums": ("court_listings", "adults"), "windows": ((104, 130), (104, 364))}
    assert found.kept() == wanted


def test_figures_are_read_from_a_studys_columns(tmp_path: Path) -> None:
    found = targets.load(written(tmp_path))
    columns = {
        "sum:court_listings@104-364.regime": np.array([[3.0, 5.0], [2.0, 4.0]]),
        "sum:adults@104-364.regime": np.array([[1000.0, 2000.0], [0.0, 1000.0]]),
        "chilling@104-130": np.array([[0.1, 0.3], [0.2, 0.2]]),
    }
    figures = found.simulated(columns.__getitem__)
    assert figures[0] == pytest.approx([(3 / 1000 + 5 / 2000) / 2 * 260, 0.2])
    assert np.isnan(figures[1, 0])
    assert figures[1, 1] == pytest.approx(0.2)


def test_an_effect_of_an_expression_is_the_regimes_less_the_references(tmp_path: Path) -> None:
    text = FILE.replace('expression = "court_listings / adults * weeks"', 'expression = "-(a + 1) * b"\narm = "effect"')
    columns = {
        "sum:a@104-364.regime": np.array([[1.0]]), "sum:b@104-364.regime": np.array([[2.0]]),
        "sum:a@104-364.reference": np.array([[4.0]]), "sum:b@104-364.reference": np.array([[3.0]]),
    }  # fmt: skip
    found = targets.load(written(tmp_path, text)).every[0].simulated(columns.__getitem__)
    assert found == pytest.approx(np.array([[-4.0 + 15.0]]))


def test_a_growth_is_one_window_over_another(tmp_path: Path) -> None:
    text = FILE.replace("window = [104, 364]", "window = [104, 364]\nover = [52, 104]")
    found = targets.load(written(tmp_path, text))
    assert found.kept()["windows"] == ((52, 104), (104, 130), (104, 364))
    columns = {
        "sum:court_listings@104-364.regime": np.array([[6.0, 6.0]]), "sum:adults@104-364.regime": np.array([[1.0, 1.0]]),
        "sum:court_listings@52-104.regime": np.array([[2.0, 0.0]]), "sum:adults@52-104.regime": np.array([[1.0, 1.0]]),
    }  # fmt: skip
    growth = found.every[0].simulated(columns.__getitem__)
    assert growth[0, 0] == pytest.approx(3 * 260 / 52)
    assert np.isnan(growth[0, 1])


FAULTS = {
    'measure = "chilling"\n': ("", "either a measure or an expression"),
    "error = 0.02": ("error = 0.02\nrange = [0.0, 0.2]", "either the standard error"),
    "range = [0.009, 0.013]": ("range = [0.012, 0.013]", "no range around 0.011"),
    "window = [104, 130]": ("window = [130, 104]", "no window"),
    "figure = 0.1\n": ("figure = [0.1, 0.2, 0.3]\n", "figure"),
    "window = [104, 364]": ("window = [104, 364]\nover = [52]", "no window"),
    'source = "a court"': ('source = " "', "source is empty"),
    'reason = "two studies"\n': ("", "reason is missing"),
    'use = "held out"': ('use = "hold out"', "hold out"),
    'title = "Lists"': ("", "title is missing"),
    "/ adults * weeks": ("// adults", "`court_listings // adults` is nothing that an expression may hold"),
    "court_listings / adults": ("__import__('os') / adults", "is nothing that an expression may hold"),
    "court_listings / adults * weeks": ("2 * 3", "names no sum"),
    'arm = "effect"': ('arm = "effects"', "effects"),
    "[targets.chill]": ("[persons.chill]", "persons"),
}


@pytest.mark.parametrize("old", FAULTS)
def test_every_fault_is_told_with_its_place(tmp_path: Path, old: str) -> None:
    new, told = FAULTS[old]
    assert old in FILE
    with pytest.raises(ScenarioError, match=re.escape(told)) as caught:
        targets.load(written(tmp_path, FILE.replace(old, new, 1)))
    assert str(caught.value).startswith(str(tmp_path / "lists.toml"))


def test_all_faults_come_at_once_and_something_must_be_fitted(tmp_path: Path) -> None:
    both = FILE.replace('title = "Lists"', "").replace("error = 0.02", "").replace("figure = 0.011", "figure = nan")
    with pytest.raises(ScenarioError) as caught:
        targets.load(written(tmp_path, both))
    assert len(caught.value.faults) == 3
    none = FILE.replace('source = "a court"', 'source = "a court"\nuse = "held out"')
    with pytest.raises(ScenarioError, match="every target is held out"):
        targets.load(written(tmp_path, none))
    with pytest.raises(ScenarioError, match="no targets"):
        targets.load(written(tmp_path, 'title = "Lists"\n'))


def test_a_file_has_no_room_for_rows_of_anything(tmp_path: Path) -> None:
    one = FILE[FILE.index("[targets.listed]") : FILE.index("[targets.chill]")]
    many = 'title = "Many"\n' + "".join(one.replace("listed]", f"t{n}]") for n in range(targets.MAX_TARGETS + 1))
    with pytest.raises(ScenarioError, match=r"201 targets are more than 200"):
        targets.load(written(tmp_path, many))

"""Targets: a file of published aggregates, checked as a whole, and what stands for each in a study's figures."""

import re
from pathlib import Path

import numpy as np
import pytest

from glasshouse.analysis.calibration import target_sources, targets
from glasshouse.errors import ScenarioError
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanisms import CATALOGUE as COMPONENTS
from glasshouse.model.pairing import paired_sums

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
published = "court_listings_2018"

[targets.chill]
what = "Complaints that stay away"
measure = "chilling"
arm = "effect"
window = [104, 130]
figure = 0.1
error = 0.02
reason = "two studies"
year = 2020
publisher = "a journal"
address = "doi:10.1000/1"
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
    assert found.outputs() == wanted


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
    text = FILE.replace(
        'expression = "court_listings / adults * weeks"', 'expression = "-(a + 1) * b"\narm = "effect"'
    ).replace(
        'published = "court_listings_2018"', 'year = 2019\npublisher = "a court"\naddress = "https://example.org/list"'
    )
    columns = {
        "sum:a@104-364.regime": np.array([[1.0]]), "sum:b@104-364.regime": np.array([[2.0]]),
        "sum:a@104-364.reference": np.array([[4.0]]), "sum:b@104-364.reference": np.array([[3.0]]),
    }  # fmt: skip
    found = targets.load(written(tmp_path, text)).every[0].simulated(columns.__getitem__)
    assert found == pytest.approx(np.array([[-4.0 + 15.0]]))


def test_a_growth_is_one_window_over_another(tmp_path: Path) -> None:
    text = FILE.replace("window = [104, 364]", "window = [104, 364]\nover = [52, 104]").replace(
        'published = "court_listings_2018"', 'year = 2019\npublisher = "a court"\naddress = "https://example.org/list"'
    )
    found = targets.load(written(tmp_path, text))
    assert found.outputs()["windows"] == ((52, 104), (104, 130), (104, 364))
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
    'published = "court_listings_2018"\n': ("", "does not say where the figure was published"),
    'publisher = "a journal"\n': ('publisher = " "\n', "does not say where the figure was published"),
    "year = 2020": ("year = 3", "3 is no year"),
    "doi:10.1000/1": ("the ministry", "https://… or doi:10"),
    "court_listings_2018": ("court_listing_2018", "Did you mean court_listings_2018?"),
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
def test_every_fault_is_reported_with_its_place(tmp_path: Path, old: str) -> None:
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
    none = FILE.replace('"court_listings_2018"', '"court_listings_2018"\nuse = "held out"')
    with pytest.raises(ScenarioError, match="every target is held out"):
        targets.load(written(tmp_path, none))
    with pytest.raises(ScenarioError, match="no targets"):
        targets.load(written(tmp_path, 'title = "Lists"\n'))


def test_a_file_has_no_room_for_rows_of_anything(tmp_path: Path) -> None:
    one = FILE[FILE.index("[targets.listed]") : FILE.index("[targets.chill]")]
    many = 'title = "Many"\n' + "".join(one.replace("listed]", f"t{n}]") for n in range(targets.MAX_TARGETS + 1))
    with pytest.raises(ScenarioError, match=r"41 targets are more than 40"):
        targets.load(written(tmp_path, many))


def stated(text: str) -> str:
    """A file with one target of this text, and what else it needs."""
    return (
        f"""title = "One"\n[targets.one]\nwhat = "one"\nwindow = [0, 52]\nerror = 0.001\nreason = "known"\n{text}\n"""
    )


CITED = 'year = 2020\npublisher = "a journal"\naddress = "https://example.org/a"\n'
DISCLOSED = 'kind = "disclosed"\nbody = "an authority"\ndate = "2026-02-01"\nreference = "FOI-2026-17"\n'


def test_a_figure_may_be_disclosed_by_an_authority(tmp_path: Path) -> None:
    found = targets.load(written(tmp_path, stated(f'measure = "wrongly_listed_share"\nfigure = 0.2\n{DISCLOSED}')))
    assert found.every[0].source == "disclosed by an authority, 2026-02-01, FOI-2026-17"
    with pytest.raises(ScenarioError, match="reference is missing"):
        targets.load(
            written(tmp_path, stated(f'measure = "chilling"\nfigure = 0.2\n{DISCLOSED[: DISCLOSED.index("ref")]}'))
        )
    with pytest.raises(ScenarioError, match="written as 2026-11-30"):
        wrong = DISCLOSED.replace("2026-02-01", "February")
        targets.load(written(tmp_path, stated(f'measure = "chilling"\nfigure = 0.2\n{wrong}')))


@pytest.mark.parametrize(
    ("quantity", "source"),
    [
        ('measure = "protest"\nfigure = 0.0', 'source = "the ministry"'),
        (
            'measure = "protest"\nfigure = 0.0',
            'year = 2026\npublisher = "the ministry"\naddress = "https://example.org/a"',
        ),
        ('measure = "protest"\nfigure = 0.5', DISCLOSED),
        ('measure = "control"\narm = "effect"\nfigure = 0.9', CITED),
        ('expression = "protests / adults"\nfigure = 0.001', CITED),
        ('expression = "1 - protests_problem / adults"\nfigure = 0.001', CITED),
        ('expression = "events_large / adults"\nfigure = 0.001', DISCLOSED),
        ('measure = "avoided_per_cost"\nfigure = 1.0', CITED),
        ('measure = "protest"\nfigure = 0.5', 'published = "court_listings_2018"'),
    ],
)
def test_no_search_aims_at_the_state(tmp_path: Path, quantity: str, source: str) -> None:
    with pytest.raises(ScenarioError):
        targets.load(written(tmp_path, stated(f"{quantity}\n{source}")))


@pytest.mark.parametrize("source", [CITED, DISCLOSED])
@pytest.mark.parametrize(
    ("quantity", "refused"),
    [
        ('measure = "chilling"\nfigure = 0.99\narm = "effect"', "0.99 lies beyond what studies have found of chilling"),
        ('measure = "believed_risk"\nfigure = 1.0', "1 lies beyond what studies have found of believed_risk"),
        ('measure = "voice_abroad"\nfigure = 0.0', "does not aim at what people hold back or fear"),
        ('measure = "foreign_silence"\nfigure = 0.1', "does not aim at what people hold back or fear"),
        ('expression = "risk_sum / adults"\nfigure = 0.2', "does not aim at what people hold back or fear"),
        ('expression = "voicings / adults"\nfigure = 0.0', "does not aim at what people hold back or fear"),
    ],
)
def test_no_search_aims_at_silence_or_fear(tmp_path: Path, quantity: str, refused: str, source: str) -> None:
    with pytest.raises(ScenarioError, match=refused):
        targets.load(written(tmp_path, stated(f"{quantity}\n{source}")))


def test_silence_and_fear_that_studies_have_found_may_be_fitted(tmp_path: Path) -> None:
    for quantity in ('measure = "chilling"\nfigure = 0.2\narm = "effect"', 'measure = "believed_risk"\nfigure = 0.4'):
        assert targets.load(written(tmp_path, stated(f"{quantity}\n{CITED}"))).fitted
    declared = {total.name for component in COMPONENTS for total in component.sums}
    assert {*target_sources.SPOKEN} <= declared | {total.name for total in paired_sums(PAIRINGS)}


def test_a_figure_of_the_list_lies_within_what_was_published(tmp_path: Path) -> None:
    one = 'expression = "court_listings / adults * weeks"\nfigure = {}\npublished = "court_listings_2018"'
    assert targets.load(written(tmp_path, stated(one.format(0.0135)))).every[0].source.endswith("facts.md A4, D1")
    for figure in (0.0, 0.014, 1.0):
        with pytest.raises(ScenarioError, match=r"lies beyond what was published: 0\.0089 to 0\.0135"):
            targets.load(written(tmp_path, stated(one.format(figure))))
    other = one.replace("court_listings /", "court_delistings /").format(0.01)
    with pytest.raises(ScenarioError, match="is a figure of court_listings / adults"):
        targets.load(written(tmp_path, stated(other)))


def test_a_figure_of_the_state_that_is_listed_is_never_an_end_of_its_range(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list has no figure of the state today; one that it had could not be driven to nothing either."""
    listed = target_sources.PublishedFigure(
        "control", 0.0, 1.0, 2020, "a journal", "doi:10.1/1", "X1", measure="control_equal"
    )
    assert not [name for name, one in target_sources.published_figures().items()
                if target_sources.is_of_the_state(one.measure, one.expression)]  # fmt: skip
    monkeypatch.setattr(target_sources, "published_figures", lambda: {"control": listed})
    one = 'measure = "control_equal"\npublished = "control"\nfigure = {}'
    assert targets.load(written(tmp_path, stated(one.format(0.4)))).fitted
    for figure in (0.0, 1.0):
        with pytest.raises(ScenarioError, match="is an end of its range"):
            targets.load(written(tmp_path, stated(one.format(figure))))
    with pytest.raises(ScenarioError, match="a search does not aim at what a regime does to the state"):
        targets.load(written(tmp_path, stated(one.format(0.4) + '\narm = "effect"')))


def test_the_shipped_list_is_in_order_and_every_figure_has_its_source() -> None:
    for name, one in target_sources.published_figures().items():
        assert 0.0 < one.low < one.high, name
        assert one.year > 2012, name
        assert target_sources.ADDRESS.fullmatch(one.address), name
        assert bool(one.measure) != bool(one.expression), name


def test_counts_years_and_publications_are_no_identifiers() -> None:
    for text in (
        "1,157,000,000 persons aged 15 or more",
        "13.03 million refusals over 9.59 million listings, 2013-10-01 – 2018-12-31",
        "2013-2018 (2019), 2014 – 2018 2019: 0.0083, 0.0112; weeks 104, 312",
        "doi:10.1016/j.jebo.2020.123456789, pp. 1234-1267",
    ):
        assert not target_sources.looks_like_identifier("one", {"reason": text}), text
    for end, refused in (
        ("110105194912310021", True),
        ("?to=zhang@example.org", True),
        ("2024/1689/oj-123456789", False),
    ):
        table = {"address": f"https://example.org/{end}"}
        assert target_sources.looks_like_identifier("one", table) == refused, end


@pytest.mark.parametrize(
    "text",
    [
        '[targets.zhang_wei]\nwhat = "11010519491231002X"',
        '[targets.zhang_wei]\nwhat = "110105 1949-1231 002"',
        '[targets.c110105_19491231_002]\nwhat = "a debtor"',
        '[targets.one]\nwhat = "1101.0519.4912.31002"',
        '[targets.one]\nwhat = "110105 – 1949 – 1231 – 002"',
        '[targets.one]\nwhat = "110105\u00a019491231\u00a0002"',
        '[targets.one]\nwhat = "110\u200b105\u200b19491231"',
        '[targets.one]\nwhat = "138/0013/8000"',
        '[targets.one]\nwhat = "110105-1949-12-31-002"',
        '[targets."Zhang Wei"]\nwhat = "a debtor"',
        '[targets.t110105194912310021]\nwhat = "a debtor"',
        '[targets.one]\nwhat = "E12345678"',
        '[targets.one]\nwhat = "someone@example.org"',
        '[targets.one]\nwhat = "one"\nidentity = 110105194912310021',
        '[targets.one]\nwhat = "one"\nreference = "DE89370400440532013000"',
    ],
)
def test_what_looks_like_an_identifier_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    rest = 'window = [0, 52]\nmeasure = "chilling"\nfigure = 0.1\nerror = 0.01\nreason = "known"\n' + CITED
    with pytest.raises(ScenarioError, match="looks like an identifier of a person, and is not read") as caught:
        targets.load(written(tmp_path, f'title = "Debtors"\n{text}\n{rest}'))
    for part in ("zhang", "Zhang", "110105", "E12345678", "someone", "DE89"):
        assert part not in str(caught.value)
    with pytest.raises(ScenarioError, match="what stands before the targets looks like an identifier"):
        targets.load(written(tmp_path, f'title = "13800138000"\n{FILE[FILE.index("[targets.listed]") :]}'))

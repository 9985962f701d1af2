"""Claims: what their files may say, when an expression holds, and the share of a space whose volume is known.

Statistical tests name their error; seeds are fixed.
"""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypotheses import CATALOGUE as ROWS
from numpy.typing import NDArray

import glasshouse
from glasshouse.analysis import claim_test, claims
from glasshouse.analysis.claims import Claim
from glasshouse.analysis.expression import Expression, names_of, parse
from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.model.measures import CATALOGUE
from glasshouse.report.study import claim_charts as pictures
from glasshouse.scenario.scenario import load as load_scenario
from glasshouse.study import design
from glasshouse.study.design import Design, Factor
from glasshouse.study.findings import Findings
from glasshouse.study.store.schema import Counts

Numbers = NDArray[np.float64]
KNOWN = names_of(CATALOGUE)
TWO = (Factor("observation.coverage", 0.0, 1.0, unit="share"), Factor("observation.misread", 0.0, 2.0))


def found(made: Design, figures: dict[str, Numbers], replicates: int = 1, without: tuple[int, ...] = ()) -> Findings:
    """Findings of a study with these figures (points, replicates), but for the runs left out."""
    points = len(made.points)
    run = np.array([n for n in range(points * replicates) if n not in without])
    columns = {"run": run, "point": run // replicates, "replicate": run % replicates}
    columns |= {name: values.reshape(points, replicates).ravel()[run] for name, values in figures.items()}
    told = {"replicates": replicates, "title": "t", "scenario_name": "base", "design": design.told(made)}
    parameters = tuple(design.settings(made, number) for number in range(points))
    counts = Counts(0, 0, len(run), len(without))
    table = claim_test.Table("figures", columns)
    return Findings("s", json.loads(json.dumps(told)), counts, table, (), parameters)


def claim(expression: str, *, shipped: bool = True) -> Claim:
    text = parse(expression, KNOWN)
    return Claim("mine", "A sentence about regimes.", text, load_scenario("rows/base"), {}, "x", shipped=shipped)


def written(folder: Path, **other: Any) -> Path:
    values = {
        "sentence": "Complaints fall silent.",
        "expression": "chilling > 0.1",
        "scenario": "rows/s05-coercion",
        "source": "S5",
        **other,
    }
    path = folder / "mine.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items() if value is not None]
    path.write_text("\n".join(lines) + "\n")
    return path


# ------------------------------------------------------------------------------------------------------------ expressions


def holds(text: str, **values: float | list[float]) -> list[float]:
    arrays = {name.replace("__", "."): np.atleast_1d(np.array(value, float)) for name, value in values.items()}
    return parse(text, KNOWN).holds(arrays).tolist()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("control > 0.1", [0.0, 1.0, 1.0]),
        ("control > 0.1 and governance < 0", [0.0, 1.0, 0.0]),
        ("control > 0.1 or governance < 0", [0.0, 1.0, 1.0]),
        ("not control > 0.1", [1.0, 0.0, 0.0]),
        ("not (control > 0.1 and governance < 0) and records >= 2", [0.0, 0.0, 1.0]),
        ("0 < control <= 0.2", [0.0, 1.0, 0.0]),
        ("-control < governance * 2 - records / 4", [1.0, 0.0, 1.0]),
        ("records.regime - records.reference > 0.5", [0.0, 0.0, 1.0]),
        ("0 < control < 0.3 < records < 3", [0.0, 1.0, 0.0]),
    ],
)
def test_an_expression_holds_where_its_words_say(text: str, answer: list[float]) -> None:
    values = {"control": [0.0, 0.2, 0.5], "governance": [0.1, -0.1, 0.2], "records": [0.0, 1.0, 2.0]}
    levels = {"records__regime": [1.0, 1.0, 3.0], "records__reference": [1.0, 1.0, 2.0]}
    assert holds(text, **values, **levels) == answer


def test_it_is_undefined_wherever_something_in_it_is() -> None:
    values = {"control": [math.nan, 1.0, 1.0], "governance": [1.0, 0.0, math.inf]}
    for text in ("control > 0 and governance > 5", "governance > -5 or control > 0", "not control + governance > 0"):
        assert np.isnan(holds(text, **values)).tolist() == [True, False, True]
    assert np.isnan(holds("control / governance > 0", control=1.0, governance=0.0)).all()
    assert np.isnan(holds("1 / (control / governance) < 1", control=1.0, governance=0.0)).all()


def test_the_margin_is_above_nought_where_it_holds_in_standard_deviations() -> None:
    """By hand: control has the standard deviation 2, governance 1 over the four points."""
    values = {"control": np.array([1.0, 5.0, 1.0, 5.0]), "governance": np.array([-1.0, -1.0, 1.0, 1.0])}
    for text, margin in (
        ("control > 3", [-1, 1, -1, 1]),
        ("control <= 3", [1, -1, 1, -1]),
        ("control > 2 and governance < 0.5", [-0.5, 1.5, -0.5, -0.5]),
        ("control > 2 or governance < 0.5", [1.5, 1.5, -0.5, 1.5]),
        ("not control > 2", [0.5, -1.5, 0.5, -1.5]),
    ):
        one = parse(text, KNOWN)
        assert one.margin(values).tolist() == margin
        assert ((one.margin(values) > 0) == (one.holds(values) == 1)).all()
    assert np.isnan(parse("control > 0", KNOWN).margin({"control": np.array([math.nan, 1.0])})).tolist() == [
        True,
        False,
    ]


def test_names_are_listed_once_and_the_worlds_told_apart() -> None:
    one = parse("records.regime > 1 and records < 2 and records.regime < 9 and control > 0", KNOWN)
    assert one.names == ("records.regime", "records", "control")
    assert one.measures == ("records", "control")


@pytest.mark.parametrize(
    ("text", "sign"),
    [("control > 0", ("control", 1)), ("told < 0", ("told", -1)), ("control > 0.1", None), ("control >= 0", None),
     ("0 < control", None), ("control > 0 and told < 0", None)],
)  # fmt: skip
def test_the_sign_of_one_measure_is_read_from_an_expression(text: str, sign: tuple[str, int] | None) -> None:
    assert parse(text, KNOWN).sign == sign


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("controll > 0", r"measure controll is not known\. Did you mean control\?"),
        ("records.regim > 0", r"Did you mean records\.regime\?"),
        ("chilling.regime > 0", r"chilling exists only between the two worlds and has no regime"),
        ("control", r"«control» is a number, not something that holds or does not"),
        ("control and governance > 0", r"«control» is a number, where something that holds or not is expected"),
        ("(control > 0) + 1 > 0", r"«control > 0» holds or does not, where a number is expected"),
        ("not control", r"«control» is a number, where"),
        ("control == 0", r"compares otherwise than by <, <=, > or >="),
        ("control in (1, 2)", r"compares otherwise"),
        ("control ** 2 > 0", r"«control \*\* 2» is nothing that an expression may hold"),
        ("max(control, 1) > 0", r"«max\(control, 1\)» is nothing"),
        ("control.__class__.__mro__ > 0", r"is nothing that an expression may hold"),
        ("__import__('os').system('true') > 0", r"is nothing that an expression may hold"),
        ("[c for c in (1,)] > 0", r"is nothing that"),
        ("(lambda: 1)() > 0", r"is nothing that"),
        ("control > 'a'", r"«'a'» is no number"),
        ("control > True", r"«True» is no number"),
        ("control > 1j", r"«1j» is no number"),
        ("control > 1e999", r"is no number"),
        (f"control > {'9' * 400}", r"is no number"),
        ("control > 0 # and governance < 0", r"«#», and what follows would not count"),
        ("control >", r"not complete or not in order"),
        ("control > 0; governance", r"not complete or not in order"),
        ("control := 1", r"not complete or not in order"),
        ("", r"has 0 characters"),
        ("control > 0 or " * 100 + "control > 0", r"1 to 1,000 are expected"),
        ("(" * 400 + "control" + ")" * 400 + " > 0", r"cannot be read|not complete"),
        ("1 > 0", r"names no measure"),
        ("contrl > 0 and govrnance > 0", r"contrl.*\n.*govrnance"),
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused_with_the_reason(text: str, fault: str) -> None:
    with pytest.raises(ScenarioError, match=fault):
        parse(text, KNOWN)


# ------------------------------------------------------------------------------------------------------------------ files


def test_every_shipped_claim_loads_and_each_row_of_the_system_has_one() -> None:
    loaded = [claims.load(name) for name in claims.names()]
    assert all(one.shipped and one.expression.names and one.source for one in loaded)
    assert {name for row in ROWS for name in row.claim_names} == {n for n in claims.names() if n.startswith("s")}
    for row in ROWS:
        for name in row.claim_names:
            assert name.startswith(f"s{int(row.name[1:]):02}-")
            assert claims.load(name).scenario == load_scenario(row.scenario)


def test_the_claim_at_the_heart_leaves_open_what_the_regime_does_with_what_it_sees() -> None:
    heart = claims.load("heart")
    made = claims.made(heart, {"runs": 4})
    varied = {factor.key for factor in made.design.factors}
    assert {"problems.platform", "safeguards.speech", "budget.reinvestment", "attitudes.half_life"} <= varied
    assert len(varied) > 150


@pytest.mark.parametrize(("way", "held"), [("without", 2), ("with", 0)])
def test_the_claim_at_the_heart_can_be_found_true_and_false(way: str, held: int, tmp_path: Path) -> None:
    """On the two scenarios of S11, where protest falls in both and governance changes by -0.01 and by 0.09; luck would let
    protest rise in about one study of twenty, and the four seeds that were looked at come out alike."""
    study = glasshouse.studies.run(
        f"rows/s11-control-{way}-governance",
        name=way,
        runs=8,
        replicates=4,
        measures=["control_expected", "governance"],
        only=["attitudes.half_life"],
        settings={"citizens": 2000, "society.district_size": 512, "weeks": 104, "run.start": 0},
        folder=tmp_path,
    )
    (tested,) = glasshouse.studies.claims(study, ["heart"])
    assert (tested.holds, tested.holds + tested.fails) == (held, 2)
    assert study.means("control_expected").min() > 0.05


def test_a_claim_of_ones_own_names_its_scenario_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('extends = "rows/s05-coercion"\ntitle = "Own"\n')
    mine = claims.load(written(tmp_path, scenario="own.toml", priors=["voice", "attitudes.half_life"]))
    assert (mine.name, mine.scenario.title, mine.shipped) == ("mine", "Own", False)
    assert {key.partition(".")[0] for key in mine.factors} == {"voice", "attitudes"}
    assert [key for key in mine.factors if key.startswith("attitudes")] == ["attitudes.half_life"]
    made = claims.made(mine, {"runs": 10, "replicates": 2, "settings": {"citizens": 400}})
    assert (len(made.points), made.replicates, made.measures, made.scenario.society.citizens) == (5, 2, (), 400)
    assert {factor.key for factor in made.design.factors} == set(mine.factors)
    assert made.name != claims.made(mine, {"runs": 12, "replicates": 2}).name


def test_a_name_that_no_claim_has_gets_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"no claim is called hart\. Did you mean heart\?"):
        claims.load("hart")
    with pytest.raises(ScenarioError, match="there is no such file"):
        claims.load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("other", "faults"),
    [
        (
            {"expression": "chiling > 0"},
            [r"mine\.toml, line 2: measure chiling is not known\. Did you mean chilling\?"],
        ),
        ({"scenario": "rows/s05-coersion"}, [r"line 3: scenario: .*there is no such file"]),
        ({"scenario": "social-governence"}, [r"line 3: scenario: .*Did you mean social-governance\?"]),
        ({"priors": ["voize", "chilling"]}, [r"line 5: prior voize is not known\. Did you mean voice\?", r"chilling"]),
        ({"sentence": None, "source": None}, [r"sentence is missing", r"source is missing"]),
        ({"sentence": 3}, [r"line 1: sentence = 3 is a whole number, not a string|not a text"]),
        ({"sentenc": "x"}, [r"line 5: key sentenc is not known\. Did you mean sentence\?"]),
        ({"expression": "control", "scenario": "x.toml"}, [r"line 2: «control» is a number", r"line 3: scenario"]),
    ],
)
def test_every_fault_of_a_file_is_told_at_its_line(tmp_path: Path, other: dict[str, Any], faults: list[str]) -> None:
    import re

    with pytest.raises(ScenarioError) as caught:
        claims.load(written(tmp_path, **other))
    for fault in faults:
        assert re.search(fault, str(caught.value)), str(caught.value)


def test_a_factor_out_of_its_range_is_told_at_its_line(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text() + '[factors]\n"observation.coverage" = [0.2, 1.4]\n"observation.covrage" = 3\n')
    with pytest.raises(ScenarioError) as caught:
        claims.load(path)
    assert "[factors], line 6" in str(caught.value)
    assert "above its range 0 to 1" in str(caught.value)
    assert "[factors], line 7" in str(caught.value)


# -------------------------------------------------------------------------------------------------------------- the share


@pytest.mark.parametrize("alone", [True, False], ids=["drawn alone", "latin hypercube"])
def test_the_interval_of_the_share_holds_a_known_volume_as_often_as_it_says(alone: bool) -> None:
    """The claim holds in a triangle of 0.32 of the space. Of 200 intervals 190 should hold it for points drawn alone, and
    more for a Latin hypercube's; fewer than 182 would with a chance of 1 in 170 if 95 % did."""
    one, held = claim("control > 0.2"), 0
    for seed in range(200):
        made = design.make("latin-hypercube", TWO, 60, seed)
        if alone:
            made = replace(made, points=np.random.default_rng(seed).random((60, 2)) * [1.0, 2.0])
        # x + y < 0.8 with both in 0 to 1 has the volume 0.8² / 2.
        figures = 1.0 - made.points[:, 0] - made.points[:, 1] / 2
        share = claim_test.test_claim(one, found(made, {"control": figures[:, None]})).share
        held += share.low <= 0.32 <= share.high
    assert held >= (182 if alone else 192)


def test_points_are_counted_by_the_mean_over_their_replicates_and_luck_is_told_apart() -> None:
    made = design.make("latin-hypercube", TWO, 4, 1)
    figures = np.array([[1.0, 1.0], [3.0, -1.0], [-3.0, 1.0], [-1.0, -1.0]])
    tested = claim_test.test_claim(claim("control > 0"), found(made, {"control": figures}, 2))
    assert (tested.holds, tested.fails, tested.undefined, tested.waiting, tested.divided) == (2, 2, 0, 0, 2)
    assert tested.by_luck == (0.5, 0.5)
    assert tested.share.mean == 0.5
    assert any("At 2 points the replicates disagree, and luck decides" in line for line in tested.said())


def test_what_is_undefined_or_not_done_is_counted_and_no_share_of_anything() -> None:
    made = design.make("latin-hypercube", TWO, 6, 1)
    figures = np.array([1.0, 1.0, 1.0, -1.0, np.nan, 5.0])[:, None]
    tested = claim_test.test_claim(claim("control > 0"), found(made, {"control": figures}, without=(5,)))
    assert (tested.holds, tested.fails, tested.undefined, tested.waiting) == (3, 1, 1, 1)
    assert tested.share.mean == 0.75
    said = " ".join(tested.said())
    assert "Holds at 3 of 4 points: 75%" in said
    assert "At 1 more points a measure is undefined" in said
    assert "At 1 more points no run is done" in said
    assert "Each point was run once" in said


@pytest.mark.parametrize(
    ("values", "answer"),
    [([1.0] * 9, "yes"), ([-1.0] * 9, "no"), ([1.0] * 8 + [-1.0], "mostly"), ([-1.0] * 8 + [1.0], "mostly not"),
     ([1.0] * 5 + [-1.0] * 4, "it depends"), ([np.nan] * 9, "undecided")],
)  # fmt: skip
def test_the_answer_may_be_no(values: list[float], answer: str) -> None:
    made = design.make("latin-hypercube", TWO, 9, 1)
    tested = claim_test.test_claim(claim("control > 0"), found(made, {"control": np.array(values)[:, None]}))
    assert tested.answer == answer
    assert tested.said()


def test_of_a_saltelli_design_only_what_was_drawn_is_counted() -> None:
    """Sobol indices use all of it; the first factor alone decides, and so has them all."""
    pytest.importorskip("SALib")
    made = design.make("saltelli", TWO, 64, 1)
    figures = made.points[:, 0] - 0.5
    tested = claim_test.test_claim(claim("control > 0"), found(made, {"control": figures[:, None]}))
    assert tested.holds + tested.fails == 128
    assert tested.share.mean == pytest.approx(0.5, abs=0.02)
    assert tested.decides.method == "sobol"
    (line,) = tested.deciding()
    assert line == "observation.coverage: holds at 100% above 0.5, 0% below 0.5"


def test_a_grid_has_a_share_without_an_interval_and_other_designs_have_none() -> None:
    made = design.make("grid", TWO, levels=4)
    tested = claim_test.test_claim(claim("control > 0"), found(made, {"control": made.points[:, :1] - 0.5}))
    assert tested.share.mean == 0.5
    assert math.isnan(tested.share.low)
    turns = design.make("one-at-a-time", TWO)
    with pytest.raises(AnalysisError, match="do not fill the ranges"):
        claim_test.test_claim(claim("control > 0"), found(turns, {"control": turns.points[:, :1]}))


def test_a_measure_that_was_not_kept_is_named() -> None:
    made = design.make("latin-hypercube", TWO, 4, 1)
    with pytest.raises(AnalysisError, match=r"did not keep governance, which the claim mine"):
        claim_test.test_claim(claim("control > 0 and governance < 1"), found(made, {"control": made.points[:, :1]}))


# ------------------------------------------------------------------------------------------------- what decides, and where


def planted(points: int = 120, seed: int = 2) -> Findings:
    """Control above nought where coverage is above 0.6 alone; silence likewise."""
    made = design.make("latin-hypercube", (*TWO, *(Factor(f"a.x{k}", 0.0, 1.0) for k in range(4))), points, seed)
    figures = made.points[:, :1] - 0.6
    return found(made, {"control": figures, "chilling": figures})


def test_what_decides_and_the_box_in_which_it_fails_are_found() -> None:
    pytest.importorskip("ema_workbench")
    tested = claim_test.test_claim(claim("not control > 0"), planted())
    (line,) = tested.deciding()
    assert line == "observation.coverage: holds at 20% above 0.5, 100% below 0.5"
    assert tested.where.what == "The claim fails"
    (limit,) = tested.where.limits
    assert limit.factor.key == "observation.coverage"
    assert limit.low == pytest.approx(0.6, abs=0.02)
    rarer = claim_test.test_claim(claim("control > 0"), planted())
    assert rarer.where.what == "The claim holds"
    assert rarer.where.limits[0].low == pytest.approx(0.6, abs=0.02)


def test_nothing_decides_what_never_changes() -> None:
    made = design.make("latin-hypercube", TWO, 50, 1)
    tested = claim_test.test_claim(claim("control > 0"), found(made, {"control": np.ones((50, 1))}))
    with pytest.raises(AnalysisError, match="the same at every point"):
        _ = tested.decides
    assert all("the same at every point" in line for line in tested.reasons())


def test_settings_that_do_nothing_are_not_told_to_decide() -> None:
    """Twenty settings without effect: luck lets one pass in 5 % of studies at most, and in two of six with 3 %."""
    told = 0
    for seed in range(6):
        made = design.make("latin-hypercube", [Factor(f"a.x{k}", 0.0, 1.0) for k in range(20)], 60, seed)
        luck = np.random.default_rng(seed).standard_normal((60, 1))
        told += len(claim_test.test_claim(claim("control > 0"), found(made, {"control": luck})).deciding())
    assert told <= 1


def test_a_listed_setting_decides_by_its_values() -> None:
    made = design.make("latin-hypercube", (*TWO, Factor("lists.kind", values=("none", "court", "joint"))), 90, 3)
    figures = np.where(made.points[:, 2] == 1.0, 1.0, -1.0) + 0.1 * made.points[:, 0]
    tested = claim_test.test_claim(claim("control > 0"), found(made, {"control": figures[:, None]}))
    assert tested.deciding()[0] == "lists.kind: holds at 0% with none, 100% with court, 0% with joint"


def test_what_decides_a_claim_of_ones_own_about_control_is_not_sought() -> None:
    tested = claim_test.test_claim(claim("control > 0", shipped=False), planted())
    assert tested.share.mean == pytest.approx(0.4, abs=0.01)
    for search in ("decides", "where"):
        with pytest.raises(AnalysisError, match="control: no measure of harm"):
            getattr(tested, search)
    assert all("no settings that control people best" in line for line in tested.reasons())
    assert claim_test.test_claim(claim("chilling > 0", shipped=False), planted()).deciding()


# ---------------------------------------------------------------------------------------------------------------- together


def test_all_claims_whose_measures_were_kept_are_held_against_a_study() -> None:
    study = planted()
    tested = glasshouse.studies.claims(study)
    assert {one.claim.name for one in tested} == {"s05-silence", "national-silence"}
    (named,) = glasshouse.studies.claims(study, ["s05-silence"])
    assert named.share == tested[0].share or named.share == tested[1].share
    table = claim_test.as_table(tested)
    assert len(table) == 2
    assert table["holds"].tolist() == [one.holds for one in tested]
    assert list(table.columns)[:4] == ["claim", "sentence", "expression", "scenario"]


def test_an_expression_is_equal_to_another_of_the_same_text() -> None:
    assert parse("control > 0", KNOWN) == parse("control  >  0", KNOWN)
    assert isinstance(parse("control > 0", KNOWN), Expression)


# ----------------------------------------------------------------------------------------------------------- the pictures


def asked(expression: str, values: Numbers, scenario: str = "base") -> claim_test.ClaimResult:
    made = design.make("latin-hypercube", TWO, len(values), 1)
    tested = claim_test.test_claim(claim(expression), found(made, {"control": values[:, None]}))
    return replace(tested, scenario=scenario)


def test_every_claim_has_a_row_with_its_share_and_answer() -> None:
    line = np.linspace(-1.0, 1.0, 60)
    tested = [
        asked("control > 0.9", line),
        asked("control > 0", line),
        asked("control < 2", line),
        asked("control > 0", line * np.nan),
    ]
    rows = pictures.dots(tested)["data"]["values"]
    assert [row["told"] for row in rows] == [
        "5% of 60 points, mostly not",
        "50% of 60 points, it depends",
        "100% of 60 points, yes",
        "undefined at every point, undecided",
    ]
    assert rows[0]["low"] < rows[0]["share"] < rows[0]["high"]
    assert (rows[3]["share"], rows[3]["low"]) == (None, None)
    assert len({row["fill"] for row in rows}) == 3
    page = pictures.drawn(tested, "here")
    assert page.count("<svg") == 1
    assert "In how much of the plausible space" in page
    assert "control &gt; 0.9" in page


def test_claims_of_other_scenarios_are_folded_away() -> None:
    line = np.linspace(-1.0, 1.0, 60)
    page = pictures.drawn([asked("control > 0", line), asked("control > 0.5", line, "elsewhere")], "here")
    assert page.count("<svg") == 2
    assert "Claims that were written for other scenarios (1)" in page
    assert pictures.drawn([], "here").startswith("<p>No claim could be held")


def test_reasons_are_drawn_or_said_to_be_unknown() -> None:
    pytest.importorskip("ema_workbench")
    page = pictures.reasons(claim_test.test_claim(claim("not control > 0"), planted()), "here")
    assert page.count("<svg") == 3
    assert "observation.coverage: holds at 20% above 0.5, 100% below 0.5" in page
    unknown = pictures.reasons(claim_test.test_claim(claim("control > 0", shipped=False), planted()), "here")
    assert "<svg" not in unknown
    assert unknown.count("no measure of harm") == 2

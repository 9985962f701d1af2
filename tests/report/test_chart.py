"""Charts as objects: files of every kind, findings that intervals allow, and sentences with interval and digests."""

import csv
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.errors import AnalysisError, StoringError
from glasshouse.model.measures.listing import ListedShare
from glasshouse.report.run import report_data, result_charts
from glasshouse.results.estimate import Estimate
from glasshouse.results.result import Result
from glasshouse.study.findings import Findings

PAGE = Path(__file__).parents[2] / "docs" / "tutorial-figure.md"
BLOCK = re.compile(r"^```(python|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SMALLER = {
    "citizens=2_000, replicates=5": "citizens=400, replicates=3, weeks=104",
    "citizens = 2_000": "citizens = 300\nrun.weeks = 60",
    "levels = 5": "levels = 2",
    "runs = 125": "runs = 8",
    "replicates = 5": "replicates = 2",
    ", progress=True": "",
}
"""What the test of the tutorial runs in place of its sizes."""


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """Every block of the tutorial, run in order in a folder of its own."""
    folder = tmp_path_factory.mktemp("figure")
    names: dict[str, object] = {}
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    text = PAGE.read_text(encoding="utf-8")
    for size, smaller in SMALLER.items():
        assert size in text
        text = text.replace(size, smaller)
    for language, code in BLOCK.findall(text):
        if language == "toml":
            Path("grid.toml").write_text(code)
        else:
            exec(compile(code, str(PAGE), "exec"), names)
    patch.undo()
    return folder, names


def test_the_tutorial_writes_the_figures_that_it_promises(tutorial: tuple[Path, dict[str, object]]) -> None:
    folder, _ = tutorial
    starts = {"restricted.pdf": b"%PDF", "restricted.png": b"\x89PNG", "grid.pdf": b"%PDF", "review.svg": b"<svg"}
    for name, start in starts.items():
        assert (folder / name).read_bytes().startswith(start), name
    rows = list(csv.DictReader((folder / "review.csv").open()))
    assert [row["safeguards.review"] for row in rows] == ["0", "0.8"]
    assert all(float(row["low"]) <= float(row["mean"]) <= float(row["high"]) for row in rows)


def result_of(tutorial: tuple[Path, dict[str, object]]) -> Result:
    result = tutorial[1]["result"]
    assert isinstance(result, Result)
    return result


def findings_of(tutorial: tuple[Path, dict[str, object]]) -> Findings:
    found = tutorial[1]["found"]
    assert isinstance(found, Findings)
    return found


def test_a_chart_has_the_figures_of_each_year_and_the_finding_as_title(
    tutorial: tuple[Path, dict[str, object]], tmp_path: Path
) -> None:
    result = result_of(tutorial)
    chart = gh.plot(result, "listed_share")
    assert list(chart.table["arm"]) == ["without the regime", "with the regime"] * 3
    # Half a year before the start of the regime and a year and a half after it.
    first = result.within(0, 26).level("listed_share", "reference").mean
    assert chart.table["mean"][0] == pytest.approx(100.0 * first)
    assert chart.title.startswith("Adults restricted: ")
    facts = json.loads(chart.save(tmp_path / "chart.json").read_text())
    assert " ".join(facts["title"]["text"]) == chart.title
    assert chart.title in repr(chart)
    assert "<svg" in str(chart._repr_mimebundle_()["text/html"])


def test_a_sentence_to_cite_has_interval_size_seed_and_digests(tutorial: tuple[Path, dict[str, object]]) -> None:
    result = result_of(tutorial)
    facts = result.provenance
    for name in ("listed_share", "chilling"):
        said = gh.plot(result, name).citation
        assert re.search(r"\(−?[\d.]+ to −?[\d.]+\)", said) or "replicates)" in said, said
        for part in (
            "400 synthetic citizens, 104 weeks, 3 replicates",
            "over weeks 26 to 103",
            facts.scenario_digest,
            facts.code_digest,
            f"random seed {facts.seed}",
        ):
            assert part in said
    study = gh.studies.plot(findings_of(tutorial), "welfare_lost", ["safeguards.review"]).citation
    record = findings_of(tutorial).record
    assert record is not None
    for part in ("8 runs at 4 points, grid design", record.digest, record.code, "The mean over all points is"):
        assert part in study


@pytest.mark.parametrize(
    ("effect", "says"),
    [
        (Estimate(0.02, 0.01, 0.03, 5, 5), "Adults restricted: higher under the regime ("),
        (Estimate(-0.02, -0.03, -0.01, 5, 5), "Adults restricted: lower under the regime ("),
        (Estimate(0.02, -0.01, 0.05, 5, 5), "Adults restricted: no certain change ("),
        (Estimate(0.0, 0.0, 0.0, 5, 5), "Adults restricted: the regime changes nothing"),
        (Estimate(0.02, np.nan, np.nan, 1, 1, "one replicate, no interval"), "with it (one replicate, no interval)"),
        (Estimate(np.nan, np.nan, np.nan, 0, 5), "Adults restricted: undefined in this run"),
    ],
)
def test_a_title_says_no_more_than_the_interval_allows(
    tutorial: tuple[Path, dict[str, object]], monkeypatch: pytest.MonkeyPatch, effect: Estimate, says: str
) -> None:
    monkeypatch.setattr(Result, "effect", lambda *_: effect)
    assert says in result_charts.finding(report_data.estimates(result_of(tutorial), ListedShare))


def test_one_replicate_is_drawn_without_intervals(tutorial: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    result = result_of(tutorial)
    single = replace(result, weekly_totals=result.weekly_totals[:1])
    gh.plot(single, "listed_share").save(tmp_path / "one.svg")
    assert np.isnan(gh.plot(single, "listed_share").table["low"]).all()


def test_every_measure_can_be_drawn(tutorial: tuple[Path, dict[str, object]]) -> None:
    result = result_of(tutorial)
    for measure in result.catalogue:
        spec = gh.plot(result, measure.name).to_vega_lite()
        assert "NaN" not in json.dumps(spec), measure.name


def test_wrong_names_and_endings_are_explained(tutorial: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    found = findings_of(tutorial)
    with pytest.raises(AnalysisError, match="chiling: no such measure"):
        gh.plot(result_of(tutorial), "chiling")
    with pytest.raises(StoringError, match=r"a chart is saved as \.svg, .* or \.parquet"):
        gh.plot(result_of(tutorial), "chilling").save(tmp_path / "chart.docx")
    with pytest.raises(AnalysisError, match=r"does not vary safeguards\.reviw\. Did you mean safeguards\.review"):
        gh.studies.plot(found, "welfare_lost", ["safeguards.reviw"])
    with pytest.raises(AnalysisError, match="does not store control"):
        gh.studies.plot(found, "control")
    kept = replace(
        found,
        figures=replace(found.figures, columns={**found.figures.columns, "control": found.figures["welfare_lost"]}),
    )
    with pytest.raises(AnalysisError, match="control is no measure of harm"):
        gh.studies.plot(kept, "control")
    with pytest.raises(TypeError, match="takes over as a list"):
        gh.studies.plot(found, "welfare_lost", "safeguards.review")


def test_without_the_converter_a_chart_says_what_to_install(
    tutorial: tuple[Path, dict[str, object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = gh.plot(result_of(tutorial), "chilling")
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(
        AnalysisError,
        match="needs vl-convert, which is not installed. Install it: python -m pip install vl-convert-python",
    ):
        chart.save(tmp_path / "chart.pdf")
    assert chart.save(tmp_path / "chart.csv").is_file()

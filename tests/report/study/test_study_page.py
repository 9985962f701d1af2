"""The page of a study: one file without network, words and tables beside every chart, honest about what is missing."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from glasshouse.cli.main import cli
from glasshouse.errors import AnalysisError
from glasshouse.report.elements import Section, paragraphs
from glasshouse.report.study import harm_maps, methods, outcomes, parallel_coordinates, run_table
from glasshouse.report.study.methods import analyses
from glasshouse.report.study.parallel_coordinates import HEIGHT, Axis
from glasshouse.report.study.study_page import NO_CLAIMS, headline, page
from glasshouse.results.table import Table
from glasshouse.scenario.scenario import load
from glasshouse.scenario.toml_lines import Source
from glasshouse.study.definition import Study
from glasshouse.study.factor import Factor
from glasshouse.study.findings import Findings
from glasshouse.study.make_study import build_study
from glasshouse.study.store.schema import Counts, Run
from glasshouse.study.store.schema import Study as Stored
from glasshouse.study.study_file import StudyFile, validated
from tests.helpers.html import Reader

KEPT = ("control", "governance", "welfare_lost", "chilling", "listed_share", "protest")
FACTORS = {
    "safeguards.audit": [0.0, 1.0],
    "lists.integration": [0.0, 1.0],
    "attitudes.dread": [10.0, 60.0],
    "observation.coverage": [0.2, 0.9],
}


def made(
    design: str = "latin-hypercube", size: int = 48, factors: dict[str, Any] | None = None, title: str = "A <study>"
):
    given = {"title": title, "scenario": "social-governance", "design": design, "runs": 2 * size, "replicates": 2}
    source = Source("s.toml")
    table = validated(
        StudyFile, {**given, "seed": 5, "factors": factors or FACTORS, "settings": {"citizens": 700}}, source
    )
    return build_study(table, load("social-governance"), "s", source)


def found(plan: Study, *, fail: int = 0, frozen: str | None = None, kept: tuple[str, ...] = KEPT) -> Findings:
    """The study as if it had been run: harms fall with audit and rise with integration; the last `fail` runs failed."""
    points, noise = plan.design.points, np.random.default_rng(1).normal(size=(len(plan.points), 2))
    shares = (points - points.min(axis=0)) / np.maximum(np.ptp(points, axis=0), 1e-12)
    harm = 0.5 + shares[:, 1:2] - 0.4 * shares[:, :1] + 0.02 * noise
    effects = {
        "control": 0.1 + 0.3 * harm, "governance": -0.02 * harm, "welfare_lost": harm, "chilling": 0.2 * harm**2,
        "listed_share": 0.01 * harm, "protest": -harm,
    }  # fmt: skip
    number = np.arange(harm.size - fail)
    columns = {"run": number, "point": number // 2, "replicate": number % 2}
    columns |= {name: effects[name].ravel()[: len(number)] for name in kept}
    state = ["done"] * len(number) + ["failed"] * fail
    entries = tuple(
        Run(one.number, one.point, one.replicate, one.seed, state[one.number], seconds=0.25,
            error=None if state[one.number] == "done" else "<boom> & bust")
        for one in plan.runs
    )  # fmt: skip
    definition = json.loads(plan.definition)
    record = Stored(1, "s", plan.digest, plan.definition, "c0de" * 8, 1.0, frozen, definition["settings_digest"])
    counts = Counts(done=len(number), failed=fail)
    failed = tuple((run.number, run.error or "") for run in entries if run.state == "failed")
    return Findings("s", definition, counts, Table("figures", columns), failed, plan.points, entries, record)


@cache
def text() -> str:
    return page(found(made()))


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


def test_a_page_needs_no_network_and_runs_its_own_script_alone() -> None:
    reader = Reader()
    reader.feed(text())
    assert reader.open == []
    linked = [value for _, name, value in reader.attributes if name in ("href", "src")]
    assert linked
    assert all(value.startswith("#") for value in linked)
    policy = next(value for tag, name, value in reader.attributes if tag == "meta" and "default-src" in value)
    script = re.search(r"<script>(.*?)</script>", text(), re.S)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script.group(1).encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy
    assert "eval" not in script.group(1)
    assert not re.search(r"\son\w+=", re.sub(r"<script>.*?</script>", "", text(), flags=re.S))
    assert "<study>" not in text()
    assert "A &lt;study&gt;" in text()


def test_every_link_has_its_part_and_every_chart_its_words() -> None:
    names = set(re.findall(r'<section id="([\w-]+)"', text()))
    assert set(re.findall(r'href="#([\w-]+)"', text())) == names
    labels = re.findall(r'role="img"[^>]*aria-label="([^"]*)"', text())
    assert len(labels) == text().count("<svg ") == 1 + 2 + 4 + 1
    assert all(len(label) > 40 for label in labels)
    assert text().count("As a table") == 2
    assert len(re.findall(r'id="(?:\w+-)?clip[^"]*"', text())) == len(
        set(re.findall(r'id="(?:\w+-)?clip[^"]*"', text()))
    )


def test_the_headline_counts_points() -> None:
    """By hand: control is above zero everywhere, governance nowhere (harm is positive at all points)."""
    told = headline(found(made()))
    assert told.startswith(
        "Of 48 points, the regime avoids protest at 100 %, lets the state solve more problems in time at 0 %"
    )
    assert told.endswith("costs people welfare at 100 % and silences complaints at 100 %.")
    assert told in plain(text())
    assert "“Protest participation” at 0 %" in headline(found(made(), kept=("protest",)))


def test_parts_made_elsewhere_take_their_place() -> None:
    assert NO_CLAIMS in text()
    with_claims = page(
        found(made()),
        [Section("claims", "Claims", paragraphs("Held at all.")), Section("boxes", "Boxes", paragraphs("B"))],
    )
    assert NO_CLAIMS not in with_claims
    places = [with_claims.index(f'<section id="{name}"') for name in ("claims", "boxes", "changes", "provenance")]
    assert places == sorted(places)


def test_whether_it_was_frozen_is_said_at_the_top() -> None:
    head = plain(text()[: text().index("<nav")])
    assert "This study was not preregistered : its questions" in " ".join(head.split())
    frozen = page(found(made(), frozen="ab12 2026-11-25 10:00:00 UTC"))
    told = " ".join(frozen.split())
    assert "<strong>preregistered before the first run on 2026-11-25 10:00:00 UTC</strong> as <code>ab12</code>" in told
    assert "was preregistered before the first run, on 2026-11-25 10:00:00 UTC, as ab12" in frozen


def test_failed_runs_are_shown_with_their_errors() -> None:
    html = page(found(made(), fail=3))
    assert "3 of 96 runs are not done" in plain(html)
    assert html.count("&lt;boom&gt; &amp; bust") == 3
    assert "3 failed and are listed with their errors" in plain(html)
    # Of one of the two points one replicate is done.
    assert plain(html).count("1 of 48 points are left out") == 3
    # Indices and rankings over what is left could be wrong: they stop, and say at which points.
    assert "The output is no finite number in 3 of 96 runs: point 46 (replicate 1), point 47" in plain(html)
    assert "safeguards are not ranked over it" in plain(html)
    assert "No run failed." in text()
    nothing = replace(found(made()), counts=Counts(waiting=96))
    with pytest.raises(AnalysisError, match="No run of s is done yet"):
        page(nothing)


def test_the_table_holds_the_first_runs_and_says_where_the_rest_is() -> None:
    rows = re.findall(r"<tbody>.*?</tbody>", text()[text().index('<div class="runs">') :], re.S)[0]
    assert rows.count("<tr>") == 96
    many = run_table.section(found(made(size=150)), outcomes.harms(found(made(size=150))))
    assert many[many.index('<div class="runs">') :].count("<tr>") == run_table.SHOWN + 1
    assert "The page holds the first 200" in many
    assert "study export s runs.csv" in many
    seeds = {str(run.seed) for run in made().runs}
    assert all(f">{seed}<" in rows for seed in seeds)


def test_points_that_failed_are_no_points_of_the_headline_and_counted_in_the_table() -> None:
    """The runs of 25 of 40 points failed: “of 15 points that have a value”."""
    told = page(found(made(size=40), fail=50))
    assert "Of 15 points that have a value (25 of 40 have none), the regime" in told
    assert "15 of 40" in told


def test_the_methods_say_what_was_done() -> None:
    plan = replace(made(), paired=True)
    told = methods.paragraph(found(plan))
    for words in ("“Social governance", "700 synthetic citizens", "4 settings over ranges that we chose", "48 points in all",
                  "each point twice, each time with another population", "common random numbers; Law 2015", "Of 96 runs, 96 were done",
                  "seed is 5", found(plan).record.digest, "numpy ", "Latin hypercube (McKay et al. 1979)", "delta"):  # fmt: skip
        assert words in told, words
    cited = methods.section(found(plan))
    for name in re.findall(r"\((?:common random numbers; )?([A-Z][a-z]+)[^()]*(?:19|20)\d\d\)", told):
        assert f"<li>{name}" in cited, name
    apart = found(made())
    assert "Every point had random seeds of its own." in methods.paragraph(apart)


@pytest.mark.parametrize(
    ("kind", "size", "wanted", "mapped"),
    [
        ("saltelli", 48, "Sobol indices", True),
        ("morris", 50, "elementary effects", False),
        ("one-at-a-time", 9, "gives no indices", False),
        ("grid", 256, "PAWN", True),
    ],
)
def test_a_design_is_analysed_as_it_allows(kind: str, size: int, wanted: str, mapped: bool) -> None:
    html = page(found(made(kind, size)))
    assert wanted in html[html.index('id="sensitivity"') : html.index('id="safeguards"')]
    assert ("As a table" in html) == mapped
    assert "less lists.integration avoids" in html
    assert len(analyses(made(kind, size).design.kind, 4 * size)) == {"grid": 2, "one-at-a-time": 0}.get(kind, 1)


def test_maps_and_rankings_are_of_harms_alone() -> None:
    """A boundary: no page tells which settings control people best."""
    tail = plain(text()[text().index('<section id="maps"') : text().index('<section id="varied"')])
    for measure in ("Protest avoided", "Protest participation", "Problems solved"):
        assert measure not in tail
    assert all(one.people and one.better == "less" for one in outcomes.harms(found(made())))


def test_a_study_without_safeguards_or_harms_says_so() -> None:
    html = page(found(made(factors={"attitudes.dread": [10.0, 60.0], "observation.coverage": [0.2, 0.9]})))
    assert "The study varies no safeguard." in html
    bare = plain(page(found(made(), kept=("control",))))
    assert "To show trade-offs a study keeps a harm" in bare
    assert "No harm was kept" in bare


def test_lines_of_the_picture_are_the_points_in_their_order() -> None:
    """The script finds a line by its place: the first vertex of each must stand where its share says."""
    figure = text()[text().index("data-parallel") :]
    told = json.loads(unescape(figure[figure.index('"') + 1 : figure.index('" data-height')]))
    inside = figure[figure.index('class="mark-line') : figure.index("</figure>")]
    drawn = re.findall(r'<path [^>]*?d="M([-\d.]+),([-\d.]+)L', inside)
    assert len(drawn) == len(told["shares"]) == 48
    heights = [float(y) for _, y in drawn]
    assert heights == pytest.approx([(1 - shares[0]) * HEIGHT for shares in told["shares"]], abs=0.1)
    assert [axis["name"] for axis in told["axes"]][:2] == ["Protest avoided", "Problems solved within 12 weeks"]


def test_an_axis_has_its_better_end_above_and_is_not_ruled_by_a_few_points() -> None:
    harm = Axis("h", "harm", np.array([1.0, 2.0, 3.0]), " ww", up=False)
    assert harm.shares.tolist() == [1.0, 0.5, 0.0]
    assert (harm.label(1.0), harm.ends) == ("1.0 ww", (3.0, 1.0))
    far = Axis("f", "control", np.append(np.linspace(0, 1, 99), 50.0), "", up=True)
    assert far.ends[1] < 2.0
    assert far.shares.max() == 1.0
    assert far.label(far.ends[1]).startswith("≥ ")
    assert far.label(far.ends[0]).startswith("≤ ")
    flat = Axis("c", "harm", np.ones(4), "", up=True)
    assert flat.shares.tolist() == [0.5] * 4
    assert "cannot be compared" in parallel_coordinates._relation(harm, flat, float("nan"))
    assert "at odds" in parallel_coordinates._relation(harm, flat, -0.8)
    assert "little to do" in parallel_coordinates._relation(harm, flat, 0.1)


def test_a_map_holds_means_over_its_cells() -> None:
    plan = made(factors={"attitudes.dread": [10.0, 60.0], "safeguards.kin": {"values": [0.0, 1.0]}})
    outcome = np.arange(48.0)
    cells = harm_maps.cells(plan.design, 0, 1, outcome)
    assert sum(cell.points for cell in cells) == 48
    labels, places = harm_maps.classes(plan.design.factors[0], plan.design.points[:, 0], 48)
    first = next(cell for cell in cells if (cell.x, cell.y) == (labels[0], "1.0"))
    chosen = (plan.design.points[:, 0] < 10 + 50 / len(labels)) & (plan.design.points[:, 1] == 1)
    assert first.mean == pytest.approx(outcome[chosen].mean())
    assert len(labels) == 3
    assert places.max() == 2
    assert harm_maps.classes(Factor("a.b", 0.0, 1.0), np.array([0.0, 0.5, 1.0] * 9), 27)[0] == ("0", "0.5", "1")


BRUSH = """<script>{
const figure = document.querySelector('[data-parallel]'), hit = figure.querySelectorAll('.hit')[2];
const box = hit.getBoundingClientRect();
hit.setPointerCapture = () => {};
for (const [type, part] of [['pointerdown', 0.5], ['pointermove', 0.7], ['pointermove', 1], ['pointerup', 1]])
  hit.dispatchEvent(new PointerEvent(type, { clientX: box.left + 9, clientY: box.top + part * box.height, pointerId: 1 }));
const first = figure.dataset.selected, dimmed = figure.querySelectorAll(".mark-line path[style*='0.06']").length;
figure.querySelector('.selection button').click();
const slider = figure.querySelectorAll('.sliders input')[0];
slider.value = 0.5;
slider.dispatchEvent(new Event('input'));
const body = document.querySelector('.runs tbody'), box2 = document.querySelector('.runs input');
document.querySelectorAll('.runs th button')[0].click();
document.querySelectorAll('.runs th button')[0].click();
const top = body.rows[0].cells[0].textContent;
box2.value = 'nothing has this';
box2.dispatchEvent(new Event('input'));
const left = [...body.rows].filter((row) => !row.hidden).length;
document.title = JSON.stringify({ brushed: Number(first), dimmed, slid: Number(figure.dataset.selected), top, left });
}</script></body>"""


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs a browser")
def test_the_picture_is_brushed_and_the_table_sorted_in_a_browser(tmp_path: Path) -> None:
    """The lower half of the first harm's axis is kept by the pointer, then the better half of control by a slider."""
    free = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text()).replace("</body>", BRUSH)
    (tmp_path / "page.html").write_text(free, encoding="utf-8")
    asked = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", str(tmp_path / "page.html")]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    got = json.loads(unescape(re.search(r"<title>(.*?)</title>", told).group(1)))  # type: ignore[union-attr]
    figure = text()[text().index("data-parallel") :]
    shares = np.array(json.loads(unescape(figure[figure.index('"') + 1 : figure.index('" data-height')]))["shares"])
    assert got["brushed"] == int((shares[:, 2] <= 0.5).sum())
    assert got["dimmed"] == 48 - got["brushed"]
    assert got["slid"] == int((shares[:, 0] >= 0.5 - 1e-9).sum())
    assert (got["top"], got["left"]) == ("95", 0)


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(
        'scenario = "rows/s08-augmentation"\nruns = 4\nmeasures = ["records"]\n'
        'settings = { citizens = 300, "run.weeks" = 6, "run.start" = 0 }\n[factors]\n"observation.coverage" = [0.2, 0.6]\n'
    )
    import glasshouse

    glasshouse.studies.run(tmp_path / "tiny.toml", folder=tmp_path)
    done = CliRunner().invoke(cli, ["study", "report", "tiny", "--folder", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "Of 4 points, the regime raises “Records made” at" in done.stdout
    written = glasshouse.studies.write_report(glasshouse.studies.open("tiny", folder=tmp_path), tmp_path / "again.html")
    assert written.read_bytes() == (tmp_path / "tiny.html").read_bytes()


def test_a_page_separates_claims_that_were_fixed_from_those_chosen_later(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(
        'scenario = "rows/s08-augmentation"\nruns = 4\nmeasures = ["records", "listed_share"]\n'
        'settings = { citizens = 300, "run.weeks" = 6, "run.start" = 0 }\n[factors]\n"observation.coverage" = [0.2, 0.6]\n'
    )
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'sentence = "Nobody at all is restricted."\nexpression = "listed_share.regime <= 0"\n'
        'scenario = "rows/s08-augmentation"\nsource = "us"\n'
    )
    words = ["--folder", str(tmp_path)]
    asked = ["study", "freeze", str(tmp_path / "tiny.toml"), "--claims", "s08-records", "--claims", str(mine), *words]
    frozen = CliRunner().invoke(cli, asked)
    assert frozen.exit_code == 0, frozen.output
    assert CliRunner().invoke(cli, ["study", "resume", "tiny", "--workers", "1", "--quiet", *words]).exit_code == 0

    def told(*more: str) -> str:
        page = CliRunner().invoke(cli, ["study", "report", "tiny", *more, *words])
        assert page.exit_code == 0, page.output
        return (tmp_path / "tiny.html").read_text(encoding="utf-8")

    without = told()
    assert "Fixed before the first run: s08-records. The other 6 were chosen later" in without
    assert "1 that were fixed are not shown here" in without
    both = told("--claim", "s08-records", "--claim", str(mine))
    assert "Fixed before the first run: s08-records, mine.</p>" in both
    mine.write_text(mine.read_text().replace("<= 0", "<= 0.5"))
    changed = told("--claim", "s08-records", "--claim", str(mine))
    assert "Fixed before the first run: s08-records. The other 1 were chosen later and are exploratory." in changed
    (tmp_path / "tiny.frozen.toml").rename(tmp_path / "away.toml")
    assert "stands in tiny.frozen.toml, which is not in the study" in told()

"""The page's answers: who is let in, what a step and a scenario say, and what a run does whatever becomes of the page."""

import base64
import fcntl
import html
import json
import os
import re
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from glasshouse.errors import GlasshouseError, RunningError, ScenarioError
from glasshouse.report.i18n import words
from glasshouse.scenario.files import library_names
from glasshouse.scenario.scenario import load, loads
from glasshouse.web import animation_cache, scenario_text, tutorial, workbench
from glasshouse.web import runs as runs_module
from glasshouse.web.animation_cache import scenario_of
from glasshouse.web.handles import handles
from glasshouse.web.runs import Limits, Run, Runs
from glasshouse.web.server import Content, serve
from tests.helpers import waiting
from tests.helpers.web import SMALL, client

LONG = SMALL.replace("weeks = 40", "weeks = 2000").replace("citizens = 200", "citizens = 4000")


@pytest.fixture
def page(tmp_path: Path) -> Iterator[TestClient]:
    with client(tmp_path / "runs") as opened:
        yield opened


# -------------------------------------------------------------------------------------------------------------- the tutorial


@pytest.mark.parametrize("step", tutorial.STEPS, ids=lambda step: step.slug)
def test_every_step_has_a_town_and_its_texts(page: TestClient, step: tutorial.Step) -> None:
    for language in ("en", "de"):
        text = page.get(f"/tutorial/{step.slug}?lang={language}", headers={"Accept": "text/html"}).text
        assert f'<html lang="{language}">' in text
        assert text.count('type="range"') == len(step.sliders) + 1
        assert "[" + step.sliders[0].name + "]" not in text
    told = page.get(f"/tutorial/{step.slug}/animation").json()
    assert len(base64.b64decode(told["states"])) == 2 * told["weeks"] * told["people"]
    assert sum(told["districts"]) == told["people"]
    assert set(step.shown) | {step.counted} <= set(told["so_far"])
    plain = page.get(f"/tutorial/{step.slug}/animation", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == told


def test_a_handle_changes_the_town_and_nothing_else_does(page: TestClient) -> None:
    addresses = ("?mismatch=0", "?mismatch=0.002", "?mismatch=0.002&lang=de", "?mismatch=0.002&town=1")
    none, many, german, other = (page.get(f"/tutorial/wrong-match/animation{address}").json() for address in addresses)
    assert many["so_far"]["wrongly"][1][-1] > none["so_far"]["wrongly"][1][-1]
    assert many["so_far"]["wrongly"][0] == none["so_far"]["wrongly"][0]
    assert many == german
    assert many["states"] != other["states"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/tutorial/wrong-match/animation?mismatch=0.9", "outside its range, 0 to 0.002"),
        ("/tutorial/wrong-match/animation?mismatch=x", "a slider is set to a number"),
        ("/tutorial/wrong-match/animation?mismatch=nan", "outside its range"),
        ("/tutorial/wrong-match/animation?town=inf", "a town is a whole number"),
        ("/tutorial/wrong-match/animation?citizens=100000", "no slider “citizens”"),
        ("/tutorial/nothing", "The tutorial has no step “nothing”"),
        ("/workbench?scenario=town&tutorial=wrong-match&mismatch=x", "a slider is set to a number"),
        ("/workbench?scenario=nothing", "No scenario is called"),
        ("/workbench?scenario=town&lists.integration=]", "not valid TOML"),
    ],
)
def test_what_a_step_cannot_do_is_said(page: TestClient, address: str, said: str) -> None:
    answer = page.get(address)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_handles_start_within_their_range_and_set_what_there_is() -> None:
    for step in tutorial.STEPS:
        assert scenario_of(step, {}).society.citizens <= 2000
        for slider in step.sliders:
            assert slider.low <= slider.start <= slider.high
            for end in (slider.low, slider.high):
                scenario_of(step, {slider.name: end})


@pytest.mark.parametrize("step", [step for step in tutorial.STEPS if len(step.sliders) < 7], ids=lambda step: step.slug)
def test_a_saved_step_carries_where_its_handles_start(step: tutorial.Step) -> None:
    for slider in step.sliders:
        for levels in (3, 5, 9):
            steps = animation_cache._spread(slider, levels)
            assert steps[0] == slider.low or steps[0] == slider.start
            assert slider.start in steps
            assert len(steps) <= levels
            assert all(slider.low <= value <= slider.high for value in steps)


def test_a_taken_port_is_reported() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(RunningError, match=r"cannot listen at 127\.0\.0\.1.*another --port"):
            serve("127.0.0.1", taken.getsockname()[1], (), Content(Path("unused"), Path("unused")), lambda *_: None)


# ---------------------------------------------------------------------------------------------------------- the workbench


def test_form_and_file_say_the_same_both_ways(page: TestClient) -> None:
    told = page.post("/workbench/check", json={"toml": SMALL}).json()
    assert told["faults"] == []
    assert told["settings"]["society.citizens"] == "200"
    kept = page.post(
        "/workbench/set", json={"toml": f"# mine\n{SMALL}", "key": "lists.integration", "value": "0.25"}
    ).json()
    assert kept["toml"].startswith("# mine\n")
    checked = page.post("/workbench/check", json=kept).json()
    assert (checked["settings"]["lists.integration"], checked["reference"]["lists.integration"]) == ("0.25", "0.0")
    gone = page.post("/workbench/set", json={**kept, "key": "society.citizens", "value": ""}).json()
    assert page.post("/workbench/check", json=gone).json()["settings"]["society.citizens"] == "768"


def test_a_form_shows_what_changes_of_the_regime_set(page: TestClient) -> None:
    """A change goes by its number, in a list of changes of its own as over the base's."""
    own = (
        SMALL
        + "[[change]]\nweek = 30\n[change.lists]\nleave = 0.5\n[[change]]\nweek = 35\n[change.lists]\nleave = 0.6\n"
    )
    told = page.post("/workbench/check", json={"toml": own}).json()
    assert (told["dated"], told["address"]) == ({"lists.leave": [[30, "0.5"], [35, "0.6"]]}, "")
    more = page.post("/workbench/set", json={"toml": own, "key": "change.2.points.half_life", "value": "52.0"}).json()
    assert page.post("/workbench/check", json=more).json()["dated"]["points.half_life"] == [[35, "52.0"]]
    base = 'extends = "social-governance"\ntitle = "Mine"\n'
    altered = page.post("/workbench/set", json={"toml": base, "key": "change.2.lists.delay_off", "value": "4.0"}).json()
    checked = page.post("/workbench/check", json=altered).json()
    assert checked["dated"]["lists.delay_off"] == [[589, "4.0"]]
    assert page.get(checked["address"]).status_code == 200
    assert "[change.2.lists]" in altered["toml"]
    for key in ("change.9.lists.leave", "change.lists", "change.1"):
        assert (
            "no setting of a table"
            in page.post("/workbench/set", json={"toml": own, "key": key, "value": "1"}).json()["error"]
        )


def test_a_scenario_of_the_page_names_no_file_and_brings_no_code(page: TestClient) -> None:
    for text in ('extends = "../x.toml"\n', 'extends = "/etc/passwd"\n', "extends = 5\n"):
        faults = page.post("/workbench/check", json={"toml": text + "[run]\nweeks = 5\n"}).json()["faults"]
        assert any("shipped scenario" in fault for fault in faults)
    for path in (str(resources.files("glasshouse") / "library" / "marginals" / "china-2020s.toml"), "../x.toml"):
        text = f'extends = "town"\ntitle = "T"\n[society]\nmarginals = "{path}"\n'
        (fault,) = page.post("/workbench/check", json={"toml": text}).json()["faults"]
        assert "here, name shipped marginals: " in fault
        named = page.post("/workbench/check", json={"toml": text.replace(path, "sweden-2020s")}).json()
        assert (named["faults"], named["settings"]["society.marginals"]) == ([], '"sweden-2020s"')
    faults = page.post("/workbench/check", json={"toml": SMALL + "[rumour]\nstart = 0.2\n"}).json()["faults"]
    assert any("rumour" in fault for fault in faults)


def test_every_fault_is_reported_with_its_line(page: TestClient) -> None:
    faults = page.post("/workbench/check", json={"toml": SMALL + "[lists]\nintegration = 3\nintegratoin = 1\n"}).json()[
        "faults"
    ]
    assert len(faults) == 2
    assert all("line" in fault for fault in faults)
    wrong = page.post("/workbench/set", json={"toml": SMALL, "key": "lists.integration", "value": "]"})
    assert wrong.status_code == 400
    assert "not valid TOML" in wrong.json()["error"]


def test_what_has_no_effect_is_noted(page: TestClient) -> None:
    late = SMALL.replace("weeks = 40", "weeks = 40\nstart = 40")
    assert "no district joins the regime" in page.post("/workbench/check", json={"toml": late}).json()["notes"][0]
    assert page.post("/workbench/check", json={"toml": SMALL}).json()["notes"] == []


def test_the_address_holds_the_scenario(page: TestClient) -> None:
    text = page.get("/workbench?scenario=town&lists.integration=0.7&society.citizens=500").text
    assert "integration = 0.7" in text
    assert "citizens = 500" in text
    assert 'value="town" selected' in text


def test_what_is_put_into_a_page_is_escaped(page: TestClient) -> None:
    text = page.get("/workbench?scenario=town&lists.x=%22%3C/textarea%3E%3Cscript%3E%22").text
    assert "<script>" not in text.split("<textarea")[1]


def test_a_link_from_the_story_sets_the_handles_settings() -> None:
    step = tutorial.step_of("wrong-match")
    assert (
        workbench.from_tutorial(step, {"mismatch": 0.0005})["observation.mismatch_rate"]
        == "[0.0005, 0.0005, 0.0005, 0.0005]"
    )


@pytest.mark.parametrize(
    "text",
    [
        SMALL,
        'extends = "town"\ntitle = "Ünlike <b> & 50 %"\nabout = """\nTwo\nlines"""\n[lists]\nthreshold = [24, 12, 6.5, 12]\n',
        'extends = "elsewhere/watchlist"\ntitle = "W"\n[reference.lists]\nintegration = 0.05\n[observation]\ncoverage = 0.2\n',
    ],
)
def test_an_address_holds_the_scenario(page: TestClient, text: str) -> None:
    told = page.post("/workbench/check", json={"toml": text}).json()
    again = page.get(told["address"], headers={"Accept": "text/html"}).text
    found = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", again, re.DOTALL)[1])  # type: ignore[index]
    assert loads(found).digest == loads(text).digest
    assert loads(found).about == loads(text).about


def test_a_scenario_is_called_after_what_it_changes_unless_it_has_a_name_of_its_own(page: TestClient) -> None:
    def set_to(text: str, value: str) -> str:
        given = {"toml": text, "key": "lists.integration", "value": value}
        return str(page.post("/workbench/set", json=given).json()["toml"])

    fresh = scenario_text.fresh("town", {})
    once = set_to(fresh, "0.6")
    assert loads(once).title == "A small town: How much agencies count one another's records 0.6"
    assert loads(set_to(once, "0.7")).title == "A small town: How much agencies count one another's records 0.7"
    assert loads(set_to(once, "")).title == "A small town"
    assert loads(set_to(SMALL, "0.6")).title == "Small"


def test_a_scenario_that_no_address_holds_has_none(page: TestClient) -> None:
    for text in (
        SMALL + "# " + "x" * 10,
        'extends = "town"\ntitle = "' + "t" * 70 + '"\nabout = "' + "a" * 4000 + '"\n',
    ):
        told = page.post("/workbench/check", json={"toml": text}).json()
        assert (told["address"] == "") == (len(text) > 4000), told


def test_a_language_that_was_chosen_stays_chosen(page: TestClient) -> None:
    assert 'lang="en"' in page.get("/workbench", headers={"Accept-Language": "en"}).text
    assert 'lang="de"' in page.get("/workbench?lang=de", headers={"Accept-Language": "en"}).text
    again = page.get("/workbench", headers={"Accept-Language": "en"}).text
    assert 'html lang="de"' in again
    assert "1.000.000 Bürger" in again
    told = page.post("/workbench/check", json={"toml": 'extends = "town"\ntitle = "T"\n'}).json()
    assert "Ein halbes Jahr" in told["about"]
    assert 'html lang="en"' in page.get("/workbench?lang=en").text


# ----------------------------------------------------------------------------------------------------------------- runs


def ended(run: Run) -> str:
    """The state in which a run ends."""
    return waiting.until(lambda: run.state if run.state != "running" else "")


def test_a_run_is_started_followed_and_fetched(page: TestClient, tmp_path: Path) -> None:
    address = page.post("/runs", json={"toml": SMALL}).json()["address"]
    events: list[dict[str, object]] = []
    with page.stream("GET", f"{address}/events") as stream:
        for line in stream.iter_lines():
            if line.startswith("data: ["):
                events += json.loads(line[6:])
    assert [event["event"] for event in (events[0], events[-1])] == ["preparing", "result"]
    course = [event["course"] for event in events if event.get("stage") == "run" and event["course"]]
    assert len(course[-1]["listed"]) == 2  # type: ignore[index]
    assert "Small" in page.get(address, headers={"Accept": "text/html"}).text
    assert "finished" in page.get("/runs").text
    report = page.get(f"{address}/files/result/report.html")
    assert "sandbox" in report.headers["content-security-policy"]
    assert "default-src 'none'" in report.headers["content-security-policy"]
    assert "allow-same-origin" not in report.headers["content-security-policy"]
    assert page.get(f"{address}/files/asked.toml").text == SMALL
    assert page.get(f"{address}/files/pid").status_code == 404
    assert page.get("/runs/ffffffffffff").status_code == 404
    name = address.rpartition("/")[2]
    assert page.get(f"/compare?run={name}").status_code == 200
    assert "is no group" in page.get(f"/compare?run={name}&group=x").text
    assert "cannot be compared" in page.get("/compare" + "?" + "&".join([f"run={name}"] * 5)).text


def test_a_run_that_is_stopped_goes_on_and_ends_in_the_same_bytes(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "runs")
    text = LONG.replace("weeks = 2000", "weeks = 300").replace("citizens = 4000", "citizens = 2000")
    run = runs.start(text)
    waiting.until(lambda: run.state != "running" or any(event.get("week", 0) > 60 for event in run.tail()[0]))
    run.cancel()
    assert ended(run) == "cancelled"
    runs.resume(run)
    assert ended(run) == "finished"
    straight = runs.start(text)
    assert ended(straight) == "finished"
    ours, theirs = ((one.folder / "result" / "weekly.parquet").read_bytes() for one in (run, straight))
    assert ours == theirs


def test_a_page_started_again_finds_its_runs_as_they_are(tmp_path: Path) -> None:
    """The run outlives the page; one that is killed says so, and goes on when asked."""
    run = Runs(tmp_path / "runs").start(LONG)
    again = Runs(tmp_path / "runs").of(run.name)
    assert again.state == "running"
    assert again.scenario.title == "Small"
    os.kill(int((run.folder / "pid").read_text()), signal.SIGKILL)
    assert ended(again) == "stopped"
    Runs(tmp_path / "runs").resume(again)
    assert again.state == "running"
    again.cancel()
    assert ended(again) == "cancelled"


def test_a_half_written_event_waits_for_its_end(tmp_path: Path) -> None:
    run = Run(tmp_path)
    assert run.tail() == ([], 0)
    (tmp_path / "events.jsonl").write_bytes(b'{"event": "a"}\n{"eve')
    events, place = run.tail()
    assert [event["event"] for event in events] == ["a"]
    with (tmp_path / "events.jsonl").open("ab") as file:
        file.write(b'nt": "b"}\n')
    assert [event["event"] for event in run.tail(place)[0]] == ["b"]


def test_a_line_that_broke_off_is_no_event_and_spoils_no_other(tmp_path: Path) -> None:
    """A killed process leaves half a line; the run that goes on writes behind it."""
    run = Run(tmp_path)
    events = tmp_path / "events.jsonl"
    events.write_bytes(b'{"event": "a"}\n{"eve')
    runs_module._end_line(events)
    runs_module._end_line(events)
    with events.open("ab") as file:
        file.write(b'{"event": "b"}\n')
    assert [event["event"] for event in run.tail()[0]] == ["a", "b"]
    assert run.last == {"event": "b"}
    events.write_bytes(b'{"event": "' + b"x" * 70_000 + b'"}\n{"event": "last"}\n')
    assert run.last == {"event": "last"}
    (tmp_path / "none").mkdir()
    assert Run(tmp_path / "none").last == {}


def test_a_run_whose_scenario_is_of_another_version_hides_no_other(page: TestClient, tmp_path: Path) -> None:
    for name, text in (("a" * 12, SMALL), ("b" * 12, "[gone]\nx = 1\n")):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        (folder / "asked.toml").write_text(text)
    answer = page.get("/runs", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "Small" in answer.text
    assert "b" * 12 in answer.text


def test_a_place_beyond_any_file_is_read_from_the_start(page: TestClient, tmp_path: Path) -> None:
    folder = tmp_path / "runs" / ("a" * 12)
    folder.mkdir(parents=True)
    (folder / "asked.toml").write_text(SMALL)
    (folder / "events.jsonl").write_text('{"event": "a"}\n')
    address = f"/runs/{folder.name}/events"
    assert '"event": "a"' in page.get(address, headers={"Last-Event-ID": "9" * 30}).text


def test_those_who_look_do_not_take_one_another_for_the_run(tmp_path: Path) -> None:
    run = Run(tmp_path)
    with (tmp_path / "lock").open("a") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        assert not run.alive
    with (tmp_path / "lock").open("a") as process:
        fcntl.flock(process, fcntl.LOCK_EX)
        assert run.alive


def test_however_many_ask_at_once_no_more_are_started_than_the_page_does(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "runs", Limits(at_once=1))

    def ask(_: int) -> Run | None:
        try:
            return runs.start(LONG)
        except RunningError:
            return None

    with ThreadPoolExecutor(4) as askers:
        started = [run for run in askers.map(ask, range(4)) if run is not None]
    assert len(started) == 1
    started[0].cancel()
    assert ended(started[0]) == "cancelled"
    other = runs.start(LONG)
    with pytest.raises(RunningError, match="1 tasks are at work"):
        runs.resume(started[0])
    other.cancel()
    assert ended(other) == "cancelled"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"citizens": 199}, "society.citizens = 200 is more than this page runs, 199"),
        ({"weeks": 39}, "run.weeks = 40"),
        ({"citizen_weeks": 7999}, "citizens x weeks x replicates = 8,000"),
        ({"at_once": 0}, "this page does 0 at once"),
        ({"stored": 0}, "This page stores 0 runs"),
    ],
)
def test_what_is_beyond_the_limits_is_refused_before_it_begins(
    tmp_path: Path, change: dict[str, int], said: str
) -> None:
    runs = Runs(tmp_path / "runs", Limits(**change))
    with pytest.raises((ScenarioError, RunningError), match=said):
        runs.start(SMALL)
    assert runs.all() == ()


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GlasshouseError, match="cannot be stored"):
        Runs(tmp_path / "file" / "runs").start(SMALL)


def test_ten_settings_of_the_regime_stand_first_in_everyday_words(page: TestClient) -> None:
    for name in library_names():
        found = handles(load(name))
        assert len({one.key for one in found}) == len(found) == 10, name
        for one in found:
            assert one.low <= one.prior[0] <= one.prior[1] <= one.high, (name, one.key)
            assert not re.search(r"\w\.\w", one.label), one.label
            assert words("de").gettext(one.label) != one.label, one.label
    automated = [one.key for one in handles(load("rows/s04-automation"))]
    assert automated[0].startswith("budget.")
    text = page.get("/workbench?scenario=town").text
    assert text.count('type="range"') == 10
    assert text.index("Daily life that is watched") < text.index("As a form")


def test_what_was_changed_stands_beside_the_sliders_with_both_values(page: TestClient) -> None:
    text = scenario_text.fresh("town", {"safeguards.review": "0.8"})
    told = page.post("/workbench/check?lang=de", json={"toml": text}).json()
    (change,) = told["changes"]
    assert change == {
        "key": "safeguards.review",
        "label": "Listungen, die zuerst ein Mensch prüft",
        "unit": "share",
        "before": "0.0",
        "now": "0.8",
    }
    assert told["minutes"] == 1
    undone = page.post("/workbench/set", json={"toml": text, "key": "safeguards.review", "value": ""}).json()["toml"]
    assert page.post("/workbench/check", json={"toml": undone}).json()["changes"] == []


def test_the_first_page_says_what_this_is_and_leads_to_the_tutorial(page: TestClient) -> None:
    text = page.get("/?lang=en").text
    assert "What does a system that watches, scores and lists people do to them?" in text
    assert f'class="button" href="/tutorial/{tutorial.STEPS[0].slug}"' in text
    assert "erfundener Menschen" in page.get("/?lang=de").text

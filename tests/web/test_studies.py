"""Studies, lives and evidence sheets on the page: what it shows of a study database, and how it makes pages that take a while."""

import asyncio
import fcntl
import hashlib
import html
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

import glasshouse
from glasshouse.engine.size import BASE, memory
from glasshouse.errors import RunningError
from glasshouse.report.run import side_by_side
from glasshouse.report.run.report_data import MAPPED, collect
from glasshouse.results.totals import ARMS
from glasshouse.scenario.scenario import load, loads
from glasshouse.study import preregistration, worker
from glasshouse.study.definition import Study, add_study
from glasshouse.study.make_study import make_study
from glasshouse.study.store.schema import Definition
from glasshouse.study.store.schema import points as points_table
from glasshouse.study.store.schema import studies as studies_table
from glasshouse.study.store.study_database import StudyDatabase
from glasshouse.web import studies
from glasshouse.web.jobs import JobLimiter, PageJob
from glasshouse.web.runs import Limits, Run, Runs
from glasshouse.web.studies import Place, Studies
from tests.helpers import waiting, web

TOWN = 'extends = "town"\ntitle = "Small"\n[society]\ncitizens = 200\n[run]\nweeks = 40\n'
SHORT = {"society.citizens": 200, "run.weeks": 40}
KEPT = ["control", "governance", "welfare_lost", "listed_share"]
HTML = {"Accept": "text/html"}


def client(folder: Path, place: Place) -> TestClient:
    return web.client(folder / "runs", place=place)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    address = None if request.param == "sqlite" else str(request.getfixturevalue("server").fresh())
    return Place(tmp_path / "studies", address)


@pytest.fixture
def page(tmp_path: Path, place: Place) -> Iterator[TestClient]:
    with client(tmp_path, place) as opened:
        yield opened


def entered(place: Place, name: str = "pilot", runs: int = 6) -> Study:
    """A study of short runs, with all its runs still to be done; a study database of old may have any name."""
    given = {"design": "latin-hypercube", "runs": runs, "replicates": 2, "measures": tuple(KEPT)}
    made = replace(make_study("town", given, [f"{key}={value}" for key, value in SHORT.items()]), name="pilot")
    place.folder.mkdir(parents=True, exist_ok=True)
    with StudyDatabase.open(place.address) as database:
        add_study(database, made)
        renamed = sa.update(studies_table).where(studies_table.c.name == "pilot").values(name=name)
        database._database.do(lambda connection: connection.execute(renamed))
    return made


def worked(place: Place, name: str = "pilot", most: int | None = None) -> None:
    with StudyDatabase.open(place.address) as database:
        worker.work(database, name, place.folder / name, worker.WorkerOptions(max_runs=most))


def events(page: TestClient, name: str = "pilot") -> list[dict[str, object]]:
    with page.stream("GET", f"/studies/{name}/events") as stream:
        return [json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: ")]


def made(page: TestClient, address: str) -> str:
    """Has a page made, and returns it."""
    assert page.post(address, json={"do": "begin"}).status_code == 200, page.post(address, json={"do": "begin"}).text
    told = written(page, address)
    assert told["state"] == "finished", told
    return page.get(address, headers=HTML).text


def written(page: TestClient, address: str) -> dict[str, str]:
    """What the server says of a page once it is made, or failed."""
    join = "&" if "?" in address else "?"

    def told() -> dict[str, str]:
        now: dict[str, str] = page.get(f"{address}{join}state=1").json()
        return now if now["state"] != "running" else {}

    return waiting.until(told)


# --------------------------------------------------------------------------------------------------------------- studies


def test_a_page_without_a_study_says_how_to_begin_one(page: TestClient, place: Place) -> None:
    if place.database:
        StudyDatabase.open(place.address).close()
    assert "glasshouse study run town" in page.get("/studies", headers=HTML).text
    assert page.get("/studies/none").status_code == 404
    assert page.get("/studies/none/events").status_code == 404


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql:/me:hush@server/db", "has no `://` after its kind"),
        ("gone.db", "gone.db: no study database is here"),
    ],
)
def test_a_named_database_that_is_not_there_is_reported(address: str, words: str, tmp_path: Path) -> None:
    with client(tmp_path, Place(tmp_path / "studies", address)) as page:
        text = html.unescape(page.get("/studies", headers=HTML).text)
    assert words in text
    assert "There is no study in" not in text
    assert "hush" not in text


def test_a_study_is_listed_followed_and_read(page: TestClient, place: Place) -> None:
    entered(place)
    assert "0 / 6" in page.get("/studies").text
    before = page.get("/studies/pilot", headers=HTML).text
    assert "3 points of" in before
    assert "/studies/pilot/results" not in before
    worked(place)
    told = events(page)
    assert (told[-1]["done"], told[-1]["total"], told[-1]["over"], told[-1]["points"]) == (6, 6, 3, 3)
    after = page.get("/studies/pilot", headers=HTML).text
    # Nobody protests at two of the three points, where protest avoided is then undefined.
    assert "Of the points that have a value, 3 at most, the regime avoids protest at 100 % of 1, lets" in after
    found = made(page, "/studies/pilot/results")
    assert "Every run" in found
    assert "Claims" in found
    answer = page.get("/studies/pilot/results", headers=HTML)
    assert "sandbox allow-scripts" in answer.headers["content-security-policy"]
    assert page.get("/studies/pilot/files/runs.csv").text.count("\n") == 7
    assert page.get("/studies/pilot/files/runs.parquet").content[:4] == b"PAR1"
    assert page.get("/studies/pilot/files/studies.db").status_code == 404


def test_runs_that_fail_and_stall_are_named_and_a_frozen_study_says_so(page: TestClient, place: Place) -> None:
    made_study = entered(place)
    with StudyDatabase.open(place.address) as database:
        mark, _ = preregistration.preregister(database, made_study)
        record = database.study("pilot")
        database.claim(record, "one", 1, 60.0)
        database.fail("one", 0, "ran out of <b>luck</b>")
        waiting.pass_time(database, -3600)
        database.claim(record, "two", 1, 60.0)
    text = page.get("/studies/pilot", headers=HTML).text
    assert "ran out of &lt;b&gt;luck&lt;/b&gt;" in text
    assert "worker two does not respond" in text
    assert mark.digest in text


def test_a_frozen_study_that_was_changed_says_so_and_is_not_called_frozen(page: TestClient, place: Place) -> None:
    with_study = entered(place)
    with StudyDatabase.open(place.address) as database:
        mark, _ = preregistration.preregister(database, with_study)
        changed = sa.update(points_table).where(points_table.c.number == 1).values(parameters="{}")
        database._database.do(lambda connection: connection.execute(changed))
    for address in ("/studies", "/studies/pilot"):
        text = page.get(address, headers=HTML).text
        assert "The points of the study pilot were changed" in text
        assert mark.digest not in text
    broken = sa.update(studies_table).values(definition="{}")
    with StudyDatabase.open(place.address) as database:
        database._database.do(lambda connection: connection.execute(broken))
    assert "The definition of the study pilot was changed" in page.get("/studies", headers=HTML).text
    assert "The definition of the study pilot was changed" in page.get("/studies/pilot", headers=HTML).text


def test_the_page_makes_results_anew_when_more_runs_are_done(page: TestClient, place: Place) -> None:
    entered(place)
    worked(place, most=1)
    with StudyDatabase.open(place.address) as database:
        left = database.counts(database.study("pilot")).waiting
    assert left
    assert f"{left} of 6 runs are not done" in made(page, "/studies/pilot/results")
    worked(place)
    assert "not been created" in page.get("/studies/pilot/results", headers=HTML).text
    assert "are not done" not in made(page, "/studies/pilot/results")


def test_the_page_writes_nothing_to_a_study_database_and_serves_no_file_beside_it(tmp_path: Path) -> None:
    place = Place(tmp_path / "studies")
    entered(place)
    (tmp_path / "studies" / "secret").mkdir()
    (tmp_path / "secret.csv").write_text("secret")
    before = {path: path.read_bytes() for path in place.folder.rglob("*.db")}
    with client(tmp_path, place) as page:
        for address in (
            "/studies", "/studies/pilot", "/studies/..", "/studies/%2e%2e/files/runs.csv", "/studies/secret/files/runs.csv",
            "/studies/pilot/files/..%2f..%2fsecret.csv", "/studies/..%2fsecret/results",
        ):  # fmt: skip
            assert "secret.csv" not in page.get(address).text
            assert page.get(address).status_code in (200, 404)
        assert (
            page.post("/studies/pilot/results", json={"do": "begin"}, headers={"Origin": "http://evil"}).status_code
            == 403
        )
        assert page.post("/studies/pilot/results", json={"do": "remove"}).status_code == 400
        assert page.post("/studies/pilot/results", json={}).status_code == 400
    assert {path: path.read_bytes() for path in place.folder.rglob("*.db")} == before


def test_results_that_cannot_be_made_say_why(tmp_path: Path) -> None:
    place = Place(tmp_path / "studies")
    entered(place)
    with client(tmp_path, place) as page:
        page.post("/studies/pilot/results", json={"do": "begin"})
        told = written(page, "/studies/pilot/results")
    assert told["state"] == "failed"
    assert "No run of pilot is done yet" in told["error_message"]


def test_results_of_a_study_that_goes_on_are_met_again_under_their_address(tmp_path: Path) -> None:
    place = Place(tmp_path / "studies")
    entered(place)
    worked(place, most=1)
    with client(tmp_path, place) as page:
        address = str(page.get("/studies/pilot/results").url).removeprefix(f"http://{web.HOST}")
        assert page.post(address, json={"do": "begin"}).status_code == 200
        worked(place)
        assert page.get(f"{address}&state=1").json()["state"] in ("running", "finished")
        assert "Every run" in made(page, address)
        assert "not been created" in page.get("/studies/pilot/results", headers=HTML).text
        assert page.get("/studies/pilot/results?seen=..").status_code == 400


def test_a_study_database_that_is_away_is_reported_until_it_is_back(tmp_path: Path) -> None:
    place = Place(tmp_path / "studies")
    entered(place)
    pages = Studies(place, JobLimiter(tmp_path / "runs", 1, 1000))
    database, away = Path(place.address), tmp_path / "away"

    async def watched() -> list[str]:
        stream, told = pages._stream("pilot"), []
        told.append(await anext(stream))
        database.rename(away)
        told.append(await anext(stream))
        away.rename(database)
        await asyncio.to_thread(worked, place)
        told += [part async for part in stream]
        return told

    first, lost, *_, last = asyncio.run(watched())
    assert '"done": 0' in first
    assert lost.startswith("event: lost\n")
    assert "There is no study here yet" in lost
    assert '"done": 6' in last


def test_who_watches_a_study_shares_one_look_with_all_who_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, looks = Place(tmp_path / "studies"), []
    entered(place)
    facts = studies.study_facts
    monkeypatch.setattr(studies, "study_facts", lambda *given: looks.append(1) or facts(*given))
    pages = Studies(place, JobLimiter(tmp_path / "runs", 1, 1000))

    async def watched() -> None:
        await asyncio.gather(*(anext(pages._stream("pilot")) for _ in range(10)))

    asyncio.run(watched())
    assert len(looks) == 1


@pytest.mark.parametrize("name", ["a b", "a/b", "ü?#&\"'", "--out=evil", "-x", "seed=[3]*'"])
def test_a_study_of_any_name_is_shown_and_read(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path / "studies")
    entered(place, name, runs=4)
    worked(place, name)
    with client(tmp_path, place) as page:
        found = re.search('href="(/studies/[^"]+)"', page.get("/studies", headers=HTML).text)
        assert found is not None
        address = html.unescape(found[1])
        shown = page.get(address, headers=HTML).text
        assert "points of" in shown
        assert f'href="{found[1]}/results"' in shown
        assert f'href="{found[1]}"' in page.get(f"{address}/results", headers=HTML).text
        assert "Every run" in made(page, f"{address}/results")
        assert page.get(f"{address}/files/runs.csv").text.count("\n") == 5
        assert '"over_all": true' in page.get(f"{address}/events").text


def test_a_study_whose_figures_lie_elsewhere_is_shown_all_the_same(tmp_path: Path) -> None:
    place = Place(tmp_path / "studies")
    entered(place)
    worked(place)
    with client(tmp_path, Place(tmp_path / "elsewhere", place.address)) as page:
        answer = page.get("/studies/pilot", headers=HTML)
        assert answer.status_code == 200
        assert "Its figures cannot be read from here" in answer.text


def test_the_headline_of_a_study_is_read_from_its_figures_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, read = Place(tmp_path / "studies"), []
    entered(place)
    worked(place)
    monkeypatch.setattr(studies, "collect", lambda *given, collect=studies.collect: read.append(1) or collect(*given))
    with client(tmp_path, place) as page:
        assert page.get("/studies/pilot").text == page.get("/studies/pilot").text
    assert len(read) == 1


def test_a_search_without_a_point_yet_is_not_called_done(tmp_path: Path) -> None:
    place = Place(tmp_path / "studies")
    entered(place)
    with StudyDatabase.open(place.address) as database:
        definition = json.loads(database.study("pilot").definition)
        bare = json.dumps({**definition, "design": {**definition["design"], "kind": "search"}})
        digest = hashlib.blake2b(bare.encode(), digest_size=16).hexdigest()
        database.create(Definition("search", digest, bare, "code"), [], [])
        assert not studies.study_facts(database, database.study("search"))["over_all"]
    with client(tmp_path, place) as page:
        assert "0 points of" in page.get("/studies/search", headers=HTML).text


def test_many_who_fetch_the_runs_of_a_study_at_once_get_them_whole_and_leave_nothing(tmp_path: Path) -> None:
    place = Place(tmp_path / "studies")
    entered(place)
    worked(place)
    with client(tmp_path, place) as page, ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: page.get("/studies/pilot/files/runs.csv"), range(24)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.text.count("\n") for answer in answers} == {7}
    assert list((tmp_path / "runs" / "studies").iterdir()) == []


def test_the_page_ends_at_ctrl_c_although_somebody_watches(tmp_path: Path) -> None:
    place = Place(tmp_path / "studies")
    entered(place)
    words = ["web", "--port", "0", "--folder", str(tmp_path / "runs"), "--studies", str(place.folder)]
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "glasshouse", *words], stdout=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout is not None
        address = re.search(r"(http://[^ ]+/)(\?token=\w+)", served.stdout.readline())
        assert address is not None
        # It follows the redirect with the cookie that it was given.
        reader = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with reader.open(f"{address[1]}studies/pilot/events{address[2]}") as stream:
            assert stream.readline().startswith(b"data: ")
            served.send_signal(signal.SIGINT)
            try:
                served.wait()
            finally:
                served.kill()


# ------------------------------------------------------------------------------------------------- lives, evidence, claims


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run in a folder of runs."""
    runs = Runs(tmp_path_factory.mktemp("finished") / "runs")
    started = runs.start(TOWN.replace("weeks = 40", "weeks = 100"))
    waiting.until(lambda: started.state != "running")
    assert started.state == "finished", started.error_message
    return started


def test_life_courses_of_a_run_are_shown(run: Run) -> None:
    with client(run.folder.parent.parent, Place(run.folder / "none")) as page:
        found = made(page, f"/runs/{run.name}/lives?citizen=7")
        assert "Citizen 7" in found
        assert "sandbox" in page.get(f"/runs/{run.name}/lives?citizen=7").headers["content-security-policy"]
        for wrong in ("200", "-1", "x", "9999999999999"):
            answer = page.get(f"/runs/{run.name}/lives?citizen={wrong}")
            assert answer.status_code == 400
            assert "citizens 0 to 199" in answer.text
        assert not (run.folder / "lives").exists()


def test_an_evidence_sheet_of_a_run_is_made(run: Run) -> None:
    with client(run.folder.parent.parent, Place(run.folder / "none")) as page:
        assert "No verdict." in made(page, f"/runs/{run.name}/evidence")


def test_an_impact_assessment_of_a_run_is_made_and_its_office_document_can_be_fetched(run: Run) -> None:
    with client(run.folder.parent.parent, Place(run.folder / "none")) as page:
        state = page.get(f"/runs/{run.name}/rights", headers=HTML).text
        assert "Figures for the six inputs" in state
        assert page.get(f"/runs/{run.name}/files/rights/sheet/fria.docx").status_code == 404
        assert "No verdict." in made(page, f"/runs/{run.name}/rights")
        assert "fria.docx" in page.get(f"/runs/{run.name}", headers=HTML).text
        assert page.get(f"/runs/{run.name}/files/rights/sheet/fria.docx").content[:2] == b"PK"


def test_a_comparison_holds_claims_against_runs_and_maps_their_districts(run: Run) -> None:
    with client(run.folder.parent.parent, Place(run.folder / "none")) as page:
        text = page.get(f"/compare?run={run.name}&map=wrongly_listed_share", headers=HTML).text
        assert "Complaints about the same problem fall silent." in text
        assert "holds" in text
        assert '<option value="wrongly_listed_share" selected>' in text
        assert "has no value in a district" in page.get(f"/compare?run={run.name}&map=control").text


def test_a_map_says_what_the_regime_changes_in_each_district(run: Run) -> None:
    result = glasshouse.open_result(run.folder / "result")
    measure = next(one for one in MAPPED if one.name == "listed_share")
    without, with_regime = (result.by_district(0, arm) for arm in ARMS)
    wanted = with_regime.listed / with_regime.adults - without.listed / without.adults
    assert np.ptp(wanted) > 0
    data = collect(result)
    assert data.district_changes[measure] == pytest.approx(wanted)
    drawn = side_by_side.districts(measure, (data, data), "m")
    assert len(drawn.rows) == len(wanted) == len({row[0] for row in drawn.rows})
    assert float(drawn.rows[0][1].replace("−", "-")) == pytest.approx(100 * wanted[0], abs=0.06)
    assert "A: Small: from" in drawn.description


def test_results_are_shown_in_a_notebook_by_the_same_code(run: Run) -> None:
    result = glasshouse.open_result(run.folder / "result")
    alone, two = glasshouse.show(result)._repr_html_(), glasshouse.show(result, result)._repr_html_()
    measure = next(one for one in MAPPED if one.name == "listed_share")
    data = collect(result)
    assert side_by_side.districts(measure, (data, data), "nmap").svg in two
    assert result.headline.split()[0] in alone
    assert "<script" not in alone + two
    with pytest.raises(glasshouse.errors.ScenarioError, match="5 results cannot be shown"):
        glasshouse.show(result, result, result, result, result)


# ------------------------------------------------------------------------------------------------------------------- room


def test_what_a_run_needs_of_memory_grows_with_people_and_replicates() -> None:
    small = load("town")
    many = loads('extends = "town"\n[society]\ncitizens = 1000000\ndistrict_size = 2048\n')
    often = loads('extends = "town"\n[run]\nreplicates = 20\nweeks = 2600\n')
    # Hundreds of people, and the sums of one replicate, add a tenth.
    assert BASE <= memory(small) < 1.125 * BASE
    assert 1_000 < memory(many) < 1_500
    assert memory(often) > memory(small) + 300
    assert Limits(memory=memory(many)).check(many) is None
    with pytest.raises(
        glasshouse.errors.ScenarioError, match="megabytes of memory needed = .* is more than this page runs, 999"
    ):
        Limits(memory=999).check(many)


def test_jobs_share_the_memory_of_a_page(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "runs", Limits(memory=BASE + 600, at_once=3))
    first = runs.start(TOWN.replace("weeks = 40", "weeks = 1500").replace("citizens = 200", "citizens = 4000"))
    try:
        with pytest.raises(RunningError, match="This needs about .* MB of memory, and what is at work has"):
            runs.start(TOWN)
    finally:
        first.cancel()


def test_a_job_that_ends_between_two_looks_did_not_break_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process writes its page and is gone, after the page was looked for and before the process was."""
    job = PageJob(tmp_path)

    def ended(_: PageJob) -> bool:
        job.page.touch()
        return False

    monkeypatch.setattr(PageJob, "alive", property(ended))
    assert job.state == "finished"


def test_a_job_begun_by_another_page_a_moment_ago_holds_up_no_other(tmp_path: Path) -> None:
    """Two pages over one folder, both asked at once: the second would wait for the first one's job to end."""
    job = PageJob(tmp_path)
    (tmp_path / "pid").write_text("7")
    with (tmp_path / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RunningError, match="started a moment ago"):
            job.begin(("--version",), tmp_path / "printed", 1)
    assert (tmp_path / "pid").read_text() == "7"


def test_a_job_that_is_gone_or_just_begins_is_cancelled_without_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = PageJob(tmp_path)
    monkeypatch.setattr(PageJob, "alive", property(lambda _: True))
    job.cancel()
    (tmp_path / "pid").write_text("")
    job.cancel()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / "pid").write_text(str(ended.pid))
    job.cancel()


def test_a_job_that_dies_is_reported_and_can_be_begun_again(tmp_path: Path) -> None:
    limiter, job = JobLimiter(tmp_path, 1, 1000), PageJob(tmp_path / "run" / "lives")
    words = ("run", "town", "--citizens", "2000", "--weeks", "2000", "--out", str(tmp_path / "out"))
    limiter.write(job, words, 100)
    assert job.state == "running"
    with pytest.raises(RunningError, match="1 tasks are at work"):
        limiter.write(PageJob(tmp_path / "run" / "evidence"), words, 100)
    os.kill(int((job.folder / "pid").read_text()), signal.SIGKILL)
    waiting.until(lambda: job.state != "running")
    assert job.state in ("stopped", "failed")
    limiter.write(job, words, 100)
    assert job.state == "running"
    job.cancel()

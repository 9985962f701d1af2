"""The pages of instruments: what they ask, what they refuse, and answers that jobs write, in the language of the reader."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from glasshouse.report.i18n import words
from glasshouse.web.instrument import Offer
from glasshouse.web.instruments import INSTRUMENTS
from glasshouse.web.jobs import PRINTED, PageJob
from glasshouse.web.runs import Limits, Run, Runs
from glasshouse.web.studies import Place
from tests.helpers import waiting
from tests.helpers.web import SMALL, client

HTML = {"Accept": "text/html"}
AUDIT = {
    "scenario": "town", "citizens": "300", "replicates": "1", "group": "rural", "yardstick": "rule", "cases": "50",
    "times": "2", "draws": "0",
}  # fmt: skip


@pytest.fixture
def page(tmp_path: Path) -> Iterator[TestClient]:
    with client(tmp_path / "runs") as opened:
        yield opened


def answered(page: TestClient, name: str, given: dict[str, str], language: str = "en") -> str:
    """The page that answers a question."""
    asked = page.post(f"/instruments/{name}?lang={language}", json=given)
    assert asked.status_code == 201, asked.text
    address = asked.json()["address"]
    waiting.until(lambda: page.get(f"{address}?state=1").json()["state"] != "running")
    told = page.get(f"{address}?state=1").json()
    assert told["state"] == "finished", told["error_message"]
    return page.get(address, headers=HTML).text


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_instrument_says_what_it_asks_and_where_its_tutorial_is(page: TestClient, language: str) -> None:
    told = words(language)
    overview = page.get(f"/instruments?lang={language}", headers=HTML).text
    for one in INSTRUMENTS.values():
        assert f'href="/instruments/{one.name}"' in overview
        assert told.gettext(one.question) in overview
        form = page.get(f"/instruments/{one.name}?lang={language}", headers=HTML).text
        assert one.tutorial in form
        assert (Path(__file__).parents[2] / one.tutorial).is_file()


def test_an_audit_is_asked_for_and_answered_in_german(page: TestClient) -> None:
    found = answered(page, "audit", AUDIT, "de")
    assert '<html lang="de">' in found
    assert "Kein Urteil." in found
    assert "Ausgeloste Akten der Gelisteten" in found
    form = page.get("/instruments/audit", headers=HTML).text
    assert "scores.parquet" in form
    address = page.post("/instruments/audit?lang=de", json=AUDIT).json()["address"]
    assert page.get(f"{address}/files/scores.parquet").status_code == 200
    assert page.get(f"{address}/files/question.json").status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cases": "many"}, "is no number"),
        ({"cases": "0"}, "from 1 to"),
        ({"citizens": "nan"}, "give a number from"),
        ({"scenario": "../secrets"}, "cannot be chosen"),
        ({"group": ""}, "nothing was given"),
        ({"draws": "200", "citizens": "200000"}, "more than the"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_it_begins(
    page: TestClient, tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    asked = page.post("/instruments/audit", json={**AUDIT, **changed})
    assert asked.status_code == 400
    assert said in asked.json()["error"]
    assert list((tmp_path / "runs").glob("audit-*")) == []


def test_a_month_is_a_number(page: TestClient) -> None:
    given = {
        "scenario": "town",
        "citizens": "300",
        "replicates": "1",
        "remedies": "stop",
        "at": "3 --x",
        "measures": "trap",
        "share": "",
    }
    asked = page.post("/instruments/remedy", json={**given, "measures": "wrongly_restricted"})
    assert asked.status_code == 400
    assert "is no month" in asked.json()["error"]


def test_without_runs_and_studies_a_page_says_what_to_do_first(page: TestClient) -> None:
    for name in ("condition", "savings"):
        assert INSTRUMENTS[name].empty in page.get(f"/instruments/{name}", headers=HTML).text


def test_no_more_answers_are_stored_than_the_page_may(tmp_path: Path) -> None:
    with client(tmp_path / "runs", limits=Limits(stored=0)) as page:
        asked = page.post("/instruments/audit", json=AUDIT)
        assert asked.status_code == 400
        assert "stores 0 answers" in asked.json()["error"]


def test_an_address_names_an_answer_and_nothing_else(page: TestClient) -> None:
    for address in ("/instruments/none", "/instruments/audit/000000000000", "/instruments/audit/..%2Fx"):
        assert page.get(address).status_code == 404


def test_a_job_says_how_much_of_its_work_is_done(tmp_path: Path) -> None:
    job = PageJob(tmp_path)
    assert job.share == 0.0
    lines = [{"done": 1, "total": 4}, {"done": 3, "total": 4}]
    (tmp_path / PRINTED).write_text("\n".join(map(json.dumps, lines)) + '\n{"done": 4, "tot', encoding="utf-8")
    assert job.share == 0.75


def test_the_ledger_of_a_finished_run_is_kept_at_other_prices(page: TestClient, tmp_path: Path) -> None:
    text = SMALL.replace('"town"', '"elsewhere/benefit-screening"').replace("weeks = 40", "weeks = 80\nreplicates = 1")
    name = page.post("/runs", json={"toml": text}).json()["address"].rpartition("/")[2]
    run = Run(tmp_path / "runs" / name)
    waiting.until(lambda: run.state != "running")
    assert run.state == "finished", run.error_message
    form = page.get("/instruments/savings", headers=HTML).text
    assert name in form
    offered = INSTRUMENTS["savings"].fields(Offer(Runs(tmp_path / "runs"), Place(tmp_path / "none")))
    given = {one.name: one.usual for one in offered} | {"case": "451"}
    found = answered(page, "savings", given)
    assert "The ledger" in found
    assert "451" in found

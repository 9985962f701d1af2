"""Who is let in, and what no request can do."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from glasshouse.web import scenario_text, workbench
from glasshouse.web.runs import Runs
from glasshouse.web.security import POLICY, session_secret
from glasshouse.web.server import gate, is_loopback
from tests.helpers.web import SMALL, client


@pytest.fixture
def page(tmp_path: Path) -> Iterator[TestClient]:
    with client(tmp_path / "runs") as opened:
        yield opened


def test_another_name_for_this_machine_is_refused(page: TestClient) -> None:
    """A web site may make its own name point here; its pages then ask with that name."""
    answer = page.get("/", headers={"Host": "evil.example:8642"})
    assert answer.status_code == 421
    assert "does not answer under that name" in answer.text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://localhost:9999"])
def test_a_write_that_does_not_come_from_the_page_is_refused(page: TestClient, origin: str) -> None:
    for address in ("/runs", "/workbench/check", "/runs/0123456789ab/cancel"):
        answer = page.post(address, json={"toml": SMALL}, headers={"Origin": origin})
        assert answer.status_code == 403, address


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
    ],
)
def test_no_other_site_can_ask_for_anything(page: TestClient, headers: dict[str, str]) -> None:
    """Such as <img src="http://127.0.0.1:8642/workbench?scenario=town&…"> on any web site."""
    for address in ("/workbench?scenario=town", "/static/tutorial.js", "/runs", "/tutorial/wrong-match/animation"):
        assert page.get(address, headers=headers).status_code == 403, address


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_the_page_itself_and_a_typed_address_are_answered(page: TestClient, site: str) -> None:
    assert page.get("/runs", headers={"Sec-Fetch-Site": site}).status_code == 200


def test_a_request_is_as_large_as_the_page_takes_whatever_length_it_states(page: TestClient) -> None:
    assert page.post("/workbench/check", content=b"x" * 300_000).status_code == 413
    assert page.post("/workbench/check", content=b"{}", headers={"Content-Length": "many"}).status_code == 413
    assert page.post("/workbench/check", content=iter([b"x" * 1000] * 300)).status_code == 413
    small = iter([b'{"toml": ', json.dumps(SMALL).encode(), b"}"])
    assert page.post("/workbench/check", content=small).json()["faults"] == []
    assert page.post("/workbench/check", content=b"not json").status_code == 400
    assert page.get("/workbench?scenario=town&title=" + "x" * 5000).status_code == 414


def deep(left: str, right: str = "") -> str:
    return left * 20_000 + right * 20_000


@pytest.mark.parametrize(
    "body",
    [
        deep("["),
        deep("[", "]"),
        '{"toml": ' + deep("[", "]") + ', "key": "a.b", "value": "1"}',
        json.dumps({"toml": "a = " + deep("[", "]"), "key": "lists.integration", "value": "1"}),
        json.dumps({"toml": "a = " + "[" * 250 + "]" * 250, "key": "lists.integration", "value": deep("[", "]")}),
        json.dumps({"toml": f"{'a.' * 5000}b = 1", "key": "lists.integration", "value": "1"}),
        r'{"toml": "title = \"\ud800\"", "key": "lists.integration", "value": "1"}',
        r'{"toml": "title = \"x\"", "key": "lists.\ud800", "value": "1"}',
        json.dumps({"toml": SMALL, "key": "title.x", "value": "1"}),
        json.dumps({"toml": SMALL, "key": "society.citizens.x", "value": "1"}),
        json.dumps({"toml": SMALL, "key": "a." * 5000 + "b", "value": "1"}),
        json.dumps({"toml": SMALL, "key": "lists.integration", "value": "1\n[run]\nseed = 3"}),
        json.dumps({"toml": SMALL, "key": "lists.integration", "value": 1}),
        json.dumps({"toml": f"# {'x' * 60_000}", "key": "lists.integration", "value": "1"}),
    ],
)
def test_what_no_reader_can_take_is_refused_and_breaks_nothing(page: TestClient, body: str) -> None:
    answer = page.post("/workbench/set", content=body.encode())
    assert answer.status_code == 400, answer.text
    # A fault of the scenario is what the check tells, so that it may answer with 200.
    assert page.post("/workbench/check", content=body.encode()).status_code < 500


@pytest.mark.parametrize("text", ["a = " + deep("[", "]"), "a = " + deep("{a="), "a." * 5000 + "b = 1", "\ud800"])
def test_a_run_of_what_no_reader_can_take_is_refused(page: TestClient, text: str) -> None:
    assert page.post("/runs", content=json.dumps({"toml": text}).encode()).status_code == 400


@pytest.mark.parametrize("key", ["title.x", "extends.x", "run.seed.x", "a.b.c.d.e", "lists.", ".lists"])
def test_a_dotted_key_that_leads_into_no_table_is_refused(page: TestClient, key: str) -> None:
    answer = page.get("/workbench", params={"scenario": "town", "run.seed": "1", key: "1"})
    assert answer.status_code == 400
    assert "no setting of a table" in answer.json()["error"]


def test_a_scenario_of_many_settings_is_parsed_once(page: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each parse takes the longer the more settings there are, so that a parse for each would take quadratic time."""
    parsed = []
    parse = scenario_text.tomlkit.parse

    def counted(text: str) -> object:
        parsed.append(text)
        return parse(text)

    monkeypatch.setattr(scenario_text.tomlkit, "parse", counted)
    query = "&".join(f"a.b{number}=1" for number in range(400))
    assert page.get(f"/workbench?scenario=town&{query}").status_code == 200
    assert len(parsed) == 1


def test_no_work_is_done_on_the_event_loop(page: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """One reader's request is not to make others wait."""
    beside = []

    def watched(function: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object) -> object:
            with pytest.raises(RuntimeError, match="no running event loop"):
                asyncio.get_running_loop()
            beside.append(function.__name__)
            return function(*given)

        return call

    for name in ("fresh", "description", "changed", "renamed"):
        monkeypatch.setattr(workbench, name, watched(getattr(workbench, name)))
    for name in ("all", "of", "start"):
        monkeypatch.setattr(Runs, name, watched(getattr(Runs, name)))
    page.get("/workbench?scenario=town")
    page.post("/workbench/check", json={"toml": SMALL})
    page.post("/workbench/set", json={"toml": SMALL, "key": "run.seed", "value": "2"})
    page.get("/runs")
    page.get("/runs/0123456789ab")
    page.get("/compare?run=0123456789ab")
    page.get("/runs/0123456789ab/lives")
    page.get("/runs/0123456789ab/evidence")
    page.post("/runs", json={"toml": "faulty"})
    assert beside == ["fresh", "description", "changed", "renamed", "all", "of", "of", "of", "of", "start"]


def test_every_answer_forbids_what_a_page_does_not_need(page: TestClient) -> None:
    for address in ("/tutorial/wrong-match", "/static/tutorial.js", "/nothing", "/workbench?scenario=none"):
        answer = page.get(address)
        assert answer.headers["content-security-policy"] == POLICY, address
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in POLICY


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])
def test_the_secret_is_needed_everywhere_and_leaves_the_address(tmp_path: Path, host: str) -> None:
    """On the loopback too: other users of the machine reach it as well."""
    let_in = gate(host, 8642, ("localhost",))
    assert len(let_in.token) >= 24
    with client(tmp_path, let_in) as page:
        page.cookies.clear()
        for address in (
            "/",
            "/tutorial/wrong-match",
            "/static/tutorial.js",
            "/runs",
            "/workbench?scenario=town&token=wrong",
        ):
            assert page.get(address).status_code == 401, address
        assert page.post("/runs", json={"toml": SMALL}).status_code == 401
        assert page.post(f"/runs?token={let_in.token}", json={"toml": SMALL}).status_code == 401
        first = page.get(f"/tutorial/wrong-match?lang=de&token={let_in.token}", follow_redirects=False)
        assert first.status_code == 303
        assert first.headers["location"].endswith("/tutorial/wrong-match?lang=de")
        assert "httponly" in first.headers["set-cookie"].lower()
        assert "samesite=strict" in first.headers["set-cookie"].lower()
        assert page.get("/tutorial/wrong-match").status_code == 200


def test_a_ticket_lets_one_browser_in_once(tmp_path: Path) -> None:
    """The address that a browser is started with stands in the list of processes."""
    let_in = gate("127.0.0.1", 8642)
    address = f"/runs?ticket={let_in.issue_ticket()}"
    with client(tmp_path, let_in) as page:
        page.cookies.clear()
        assert page.get("/runs?ticket=").status_code == 401
        assert page.get(address).status_code == 200
        page.cookies.clear()
        assert page.get(address).status_code == 401


def test_servers_at_two_ports_of_a_host_do_not_take_one_anothers_cookie() -> None:
    assert gate("127.0.0.1", 1).cookie != gate("127.0.0.1", 2).cookie


def test_the_secret_outlives_a_server_and_is_its_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    secret = session_secret(folder)
    assert session_secret(folder) == secret
    assert (folder / "secret").stat().st_mode & 0o777 == 0o600
    (folder / "secret").chmod(0o644)
    assert session_secret(folder) != secret
    assert (folder / "secret").stat().st_mode & 0o777 == 0o600
    (folder / "secret").write_text("guessed")
    assert len(session_secret(folder)) == 48


def test_a_folder_that_cannot_be_written_has_a_secret_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert len(session_secret(tmp_path / "file")) == 48


def test_which_addresses_only_this_machine_reaches() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "192.168.1.5", "example.org")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/runs/../../etc/passwd", "/runs/0123456789ab/files/../pid"],
)
def test_no_address_leads_out_of_the_folder(page: TestClient, address: str) -> None:
    answer = page.get(address)
    assert answer.status_code in (400, 404)
    assert "import" not in answer.text

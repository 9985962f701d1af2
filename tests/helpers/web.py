"""The web application as a client meets that was let in."""

from pathlib import Path

from starlette.testclient import TestClient

from glasshouse.web.app import application
from glasshouse.web.runs import Limits, Runs
from glasshouse.web.security import Gate
from glasshouse.web.server import gate
from glasshouse.web.studies import Place

HOST = "localhost:8642"
SMALL = 'extends = "town"\ntitle = "Small"\n[society]\ncitizens = 200\n[run]\nweeks = 40\n'


def client(
    folder: Path, let_in: Gate | None = None, limits: Limits | None = None, place: Place | None = None
) -> TestClient:
    """A client that holds the secret of the page of a folder."""
    let_in = let_in or gate("127.0.0.1", 8642)
    return TestClient(
        application(let_in, Runs(folder, limits), place or Place(folder / "studies")),
        base_url=f"http://{HOST}",
        headers={"Origin": f"http://{HOST}"},
        cookies={let_in.cookie: let_in.token},
    )

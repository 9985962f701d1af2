"""Who may ask the page, and what a browser may do with an answer.

A page on one's own machine can be reached by every web site that the same browser shows, and by every user of the machine.
So each request must name a host that the page answers to (against names that are made to point here), must not come from
another site, and must hold the session's secret. The content policy lets a browser load and run nothing but the page's
files.
"""

import hmac
import os
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glasshouse.errors import StoringError
from glasshouse.storage import atomic_path

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a browser may do with a page."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

OWN_SITES = frozenset({"same-origin", "none"})
"""Values of `Sec-Fetch-Site` of requests from the page itself, and of addresses that the reader typed or opened."""

TOKEN, TICKET = "token", "ticket"
"""Parameters of an address that let a browser in: the session's secret, or a random text that is valid once."""

LONGEST_ADDRESS = 4_200
"""Bytes of path and query: the longest address that the workbench shows, and a language."""

SECRET = "secret"
"""File in the folder of the web interface that holds the session's secret."""


@dataclass(frozen=True)
class Gate:
    """Who is let in.

    Attributes
    ----------
    hosts : frozenset of str
        The hosts that the page answers to, with their port: `localhost:8642`.
    token : str
        The session's secret, which every request must hold.
    largest : int
        Bytes that a request may have.
    tickets : set of str
        Texts that let a browser in once, instead of the secret.
    """

    hosts: frozenset[str]
    token: str
    largest: int = 200_000
    tickets: set[str] = field(default_factory=set, compare=False)

    @property
    def cookie(self) -> str:
        """Name of the cookie that holds the secret: browsers share cookies between the ports of a host."""
        return f"glasshouse-token-{min(self.hosts).rpartition(':')[2]}"

    def issue_ticket(self) -> str:
        """Make a ticket: other users of the machine can read the command line of a browser, and a used ticket is worthless.

        Returns
        -------
        str
            48 hexadecimal digits.
        """
        ticket = new_secret()
        self.tickets.add(ticket)
        return ticket


def new_secret() -> str:
    """Make a random text that cannot be guessed.

    Returns
    -------
    str
        48 hexadecimal digits.
    """
    return os.urandom(24).hex()


def session_secret(folder: Path) -> str:
    """The secret of the web interface of a folder, the same after the server was started again.

    Open pages and bookmarks thus outlive a server.

    Parameters
    ----------
    folder : Path
        Folder of the web interface. The secret is in the file `SECRET`, which only its user can read.

    Returns
    -------
    str
        48 hexadecimal digits. A new secret if there is none yet, if other users can read it, or if it cannot be stored.
    """
    path = folder / SECRET
    with suppress(OSError, ValueError):
        text = path.read_text(encoding="ascii").strip()
        if len(bytes.fromhex(text)) == 24 and not path.stat().st_mode & 0o077:
            return text
    secret = new_secret()
    with suppress(StoringError), atomic_path(path, "the session's secret") as part:
        part.touch(mode=0o600)
        part.write_text(f"{secret}\n", encoding="ascii")
    return secret


class Safety:
    """ASGI middleware that refuses what the gate does not let in, and adds the security headers to every answer.

    Each refusal says why in one sentence.

    Parameters
    ----------
    app : ASGIApp
        The application that answers the requests that are let in.
    gate : Gate
        Who is let in.
    """

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self.app, self.gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with a refusal.

        Parameters
        ----------
        scope : Scope
            The connection, as ASGI describes it; only HTTP requests are checked.
        receive : Receive
            Channel from which the request's body is read.
        send : Send
            Channel to which the answer is written.
        """
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        answer = self._refusal(request) or self._admission(request) or self._without_secret(request) or self.app
        await answer(scope, self._limited(receive), headed)

    def _limited(self, receive: Receive) -> Receive:
        """The channel of a body, which ends in a refusal once the body has too many bytes, whatever length it states."""
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.gate.largest:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._too_large("more"))
            return message

        return counted

    def _too_large(self, size: str) -> str:
        return f"The request has {size} bytes, and {self.gate.largest:,} are allowed: a scenario has few."

    def _refusal(self, request: Request) -> Response | None:
        host = request.headers.get("host", "").lower()
        if host not in self.gate.hosts:
            return _no(
                HTTPStatus.MISDIRECTED_REQUEST,
                "This page does not answer under that name. Open the address that it printed.",
            )
        origin = request.headers.get("origin")
        foreign = origin is not None and origin.partition("://")[2].lower() != host
        if foreign or (origin is None and request.method in WRITES):
            return _no(HTTPStatus.FORBIDDEN, "Only the page itself may ask for that.")
        if request.headers.get("sec-fetch-site", "none") not in OWN_SITES:
            return _no(
                HTTPStatus.FORBIDDEN,
                "Another site asked for this page. To follow a link to it, copy the link into the address bar.",
            )
        if len(request.scope.get("raw_path", b"")) + len(request.scope["query_string"]) > LONGEST_ADDRESS:
            return _no(
                HTTPStatus.REQUEST_URI_TOO_LONG,
                f"The address has more than {LONGEST_ADDRESS:,} characters. Paste the scenario into the workbench instead.",
            )
        length = request.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > self.gate.largest:
            return _no(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._too_large(length))
        return None

    def _admission(self, request: Request) -> Response | None:
        """Takes a token or ticket out of the address, where it would be seen and kept, into a cookie of this browser."""
        query = request.query_params
        if request.method != "GET" or not {TOKEN, TICKET} & query.keys():
            return None
        ticket = query.get(TICKET, "")
        if ticket in self.gate.tickets:
            self.gate.tickets.discard(ticket)
        elif not self._is_secret(query.get(TOKEN, "")):
            return None
        response = RedirectResponse(str(request.url.remove_query_params([TOKEN, TICKET])), HTTPStatus.SEE_OTHER)
        response.set_cookie(self.gate.cookie, self.gate.token, httponly=True, samesite="strict")
        return response

    def _without_secret(self, request: Request) -> Response | None:
        if self._is_secret(request.cookies.get(self.gate.cookie, "")):
            return None
        return _no(
            HTTPStatus.UNAUTHORIZED,
            "This page asks for its token: open the whole address that it printed, ?token=… included.",
        )

    def _is_secret(self, text: str) -> bool:
        return hmac.compare_digest(text.encode(errors="replace"), self.gate.token.encode())


def _no(status: HTTPStatus, why: str) -> Response:
    return PlainTextResponse(f"{why}\n", status)

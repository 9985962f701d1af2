"""Who may ask the page, and what a browser may do with an answer.

A page on one's own machine can be reached by every web site that the same browser shows. So a request must name a host
that the page answers to (against names that are made to point here), a write must come from the page itself, and everyone who
is let in from outside must hold the token. The content policy lets a browser load and run nothing but the page's files.
"""

import hmac
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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

COOKIE = "glasshouse-token"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Gate:
    """Who is let in: the `hosts` that the page answers to (`localhost:8080`), and the token, "" where none is needed.

    `largest` is how many bytes a request may bring.
    """

    hosts: frozenset[str]
    token: str = ""
    largest: int = 200_000


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
        answer = self._refusal(request) or self._welcome(request) or self.app
        await answer(scope, receive, headed)

    def _refusal(self, request: Request) -> Response | None:
        host = request.headers.get("host", "").lower()
        if host not in self.gate.hosts:
            return _no(
                HTTPStatus.MISDIRECTED_REQUEST,
                "This page does not answer under that name. Open the address that it printed.",
            )
        if request.method in WRITES:
            if request.headers.get("origin", "").partition("://")[2].lower() != host:
                return _no(HTTPStatus.FORBIDDEN, "Only the page itself may ask for that.")
            length = request.headers.get("content-length", "")
            if not length.isdigit():
                return _no(HTTPStatus.LENGTH_REQUIRED, "Say how long the request is.")
            if int(length) > self.gate.largest:
                return _no(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    f"The request has {int(length):,} bytes, and {self.gate.largest:,} are allowed: a scenario has few.",
                )
        if self.gate.token and not self._holds(request):
            return _no(
                HTTPStatus.UNAUTHORIZED,
                "This page asks for its token: open the whole address that it printed, ?token=… included.",
            )
        return None

    def _holds(self, request: Request) -> bool:
        shown = request.query_params.get("token") or request.cookies.get(COOKIE) or ""
        return hmac.compare_digest(shown.encode(), self.gate.token.encode())

    def _welcome(self, request: Request) -> Response | None:
        """Takes the token out of the address, where it would be seen and kept, into a cookie of this browser."""
        if not self.gate.token or "token" not in request.query_params or request.method != "GET":
            return None
        response = RedirectResponse(str(request.url.remove_query_params("token")), HTTPStatus.SEE_OTHER)
        response.set_cookie(COOKIE, self.gate.token, httponly=True, samesite="strict")
        return response


def _no(status: HTTPStatus, why: str) -> Response:
    return PlainTextResponse(f"{why}\n", status)

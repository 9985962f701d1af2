"""Starting the page: where it listens, and what it prints."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from glasshouse.errors import RunningError
from glasshouse.web.security import TICKET, TOKEN, Gate, new_secret, session_secret


@dataclass(frozen=True)
class Content:
    """What a page shows: the folder in which it keeps its runs, and that of the studies, with their study database's address.

    Without an address the study database is the file studies.db in the folder of the studies.
    """

    folder: Path
    studies: Path
    database: str | None = None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    Parameters
    ----------
    host : str
        An IP address, or a host name.

    Returns
    -------
    bool
        True for `localhost` and for loopback addresses; False for any other name.
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def gate(host: str, port: int, names: tuple[str, ...] = (), *, token: str = "") -> Gate:
    """Decide who is let in by a page that listens at an address.

    A page at a loopback address answers to the loopback's names. Any other page answers to its host and to `names`. Each
    requires the session's secret: every user of a machine, and every web site in a browser, can reach its loopback.

    Parameters
    ----------
    host : str
        Address at which the page listens.
    port : int
        Port at which it listens.
    names : tuple of str, optional
        Further host names of a page that other machines can reach.
    token : str, default ""
        The session's secret; by default a new one.

    Returns
    -------
    Gate
        The hosts with their port, in lower case, and the secret.
    """
    own = ("localhost", "127.0.0.1", "[::1]") if is_loopback(host) else (host, *names)
    return Gate(frozenset(f"{name.lower()}:{port}" for name in own), token or new_secret())


def serve(host: str, port: int, names: tuple[str, ...], content: Content, tell: Callable[[str, str], None]) -> None:
    """Serve the page until it is interrupted.

    Parameters
    ----------
    host : str
        Address at which the page listens.
    port : int
        Port at which it listens; 0 for a free one.
    names : tuple of str
        Further host names of a page that other machines can reach.
    content : Content
        What the page shows.
    tell : callable
        Called once when the page listens, with two addresses: one that holds the session's secret, to be printed, and one
        that lets a single browser in once, to be opened.

    Raises
    ------
    RunningError
        If the page cannot listen at the address, for example because it is taken.
    """
    import uvicorn

    from glasshouse.web.app import application
    from glasshouse.web.runs import Runs
    from glasshouse.web.studies import Place

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            # A reader who sees the address may ask at once: the first request then waits for the server.
            listening.listen(128)
        except OSError as error:
            raise RunningError(
                f"The page cannot listen at {host}, port {port}: {error.strerror}. Close what is there, or take another --port."
            ) from None
        port = listening.getsockname()[1]
        let_in = gate(host, port, names, token=session_secret(content.folder))
        shown = f"[{host}]" if ":" in host else host
        page = f"http://{shown}:{port}/"
        tell(f"{page}?{TOKEN}={let_in.token}", f"{page}?{TICKET}={let_in.issue_ticket()}")
        config = uvicorn.Config(
            application(let_in, Runs(content.folder), Place(content.studies, content.database)),
            log_level="warning",
            server_header=False,
            # Who follows a run or a study holds a connection for as long as they look: Ctrl-C does not wait for them.
            timeout_graceful_shutdown=1,
            access_log=False,
            # Colours are control characters, which the command line spells out.
            use_colors=False,
        )
        uvicorn.Server(config).run(sockets=[listening])

"""Which display shows the progress, and what a function is to call for it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from glasshouse._api.displays import Display, JsonLines, NotebookBar, PlainLines, TerminalBar
from glasshouse.engine.progress import Progress
from glasshouse.terminal import raw_stream


def display(out: IO[str], err: IO[str], *, quiet: bool = False, json_lines: bool = False) -> Display:
    """The display that fits the output.

    Parameters
    ----------
    out : text stream
        Where JSON lines go.
    err : text stream
        Where displays for people go.
    quiet : bool
        Show nothing.
    json_lines : bool
        Write JSON lines; takes precedence over `quiet`.

    Returns
    -------
    Display
        JSON lines or nothing where asked for, a bar in a notebook or terminal, otherwise plain lines.
    """
    if json_lines:
        return JsonLines(out)
    if quiet:
        return Display()
    from rich.console import Console

    console = Console(file=raw_stream(err))
    if console.is_jupyter:
        return NotebookBar()
    return TerminalBar(console) if console.is_terminal and not console.is_dumb_terminal else PlainLines(err)


@contextmanager
def progress_callback(
    progress: "bool | Callable[[Progress], None] | None",
) -> "Iterator[Callable[[Progress], None] | None]":
    """What a run, a study or a series of runs is to call to report its progress.

    Parameters
    ----------
    progress : bool, callable or None
        A callable is used as it is; True stands for that of a display.

    Yields
    ------
    callable or None
        It takes a `Progress`; None for no progress.
    """
    if callable(progress) or not progress:
        yield progress or None
        return
    with display(sys.stdout, sys.stderr) as shown:
        yield shown.show

"""What several commands share: options, and how they print and open what they made."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli.completion import marginals_names
from glasshouse.errors import StoringError

if TYPE_CHECKING:
    from glasshouse._api.displays import Display

setting_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="TABLE.KEY=VALUE",
    help="Set any value of the scenario, for instance run.weeks=52.",
)
marginals_option = click.option(
    "--marginals",
    metavar="NAME|FILE",
    shell_complete=marginals_names,
    help="Population of another country: shipped marginals, or a TOML file of aggregates.",
)
plugin_option = click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Python file with mechanisms or measures of your own. It is executed: name only files that you trust.",
)
threads_option = click.option(
    "--threads", type=click.IntRange(1, 4096), help="Number of threads; it changes the speed, never the results."
)
quiet_option = click.option("--quiet", is_flag=True, help="Show no progress.")
language_option = click.option(
    "--language", type=click.Choice(("en", "de")), default="en", help="Language of the page."
)
json_lines_option = click.option(
    "--json-progress", "json_lines", is_flag=True, help="Show progress as JSON lines on standard output."
)

FILE_ENDINGS = (".html", ".md", ".csv", ".parquet", ".json", ".toml", ".zip", ".svg", ".png", ".pdf")
"""Endings of the files that commands write."""


def out_option(what: str) -> Callable[..., Any]:
    """The option `--out`, which means the same everywhere: a path that ends as a file is that file, any other a folder.

    Parameters
    ----------
    what : str
        What is written there, and where it is written without the option.

    Returns
    -------
    callable
        The decorator of a command.
    """
    return click.option("--out", metavar="PATH", type=click.Path(path_type=Path), help=f"{what[0].upper()}{what[1:]}.")


def out_file(out: Path, usual: str) -> Path:
    """The file that a command with one file writes.

    Parameters
    ----------
    out : Path
        What `--out` names.
    usual : str
        Name of the file where a folder is named.

    Returns
    -------
    Path
        `out` itself if it ends as a file does or is one, else the file of the usual name in the folder `out`.
    """
    named = out.suffix[1:].isalpha() or (out.exists() and not out.is_dir())
    return out if named and not out.is_dir() else out / usual


def out_folder(out: Path) -> Path:
    """The folder that a command with several files writes to.

    Parameters
    ----------
    out : Path
        What `--out` names.

    Returns
    -------
    Path
        The same.

    Raises
    ------
    StoringError
        If it ends as a file does.
    """
    if out.suffix in FILE_ENDINGS and not out.is_dir():
        raise StoringError(f"{out}: this command writes several files. Name a folder with --out.")
    return out


def run_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that runs scenarios: size, settings, plug-ins and threads.

    All but `settings` are the keyword arguments of the public functions (`RunOptions`).
    """
    options = (
        click.option("--citizens", type=int, help="Number of citizens."),
        marginals_option,
        click.option("--replicates", type=int, help="Number of replicates (different random seeds)."),
        click.option("--seed", type=int, help="Random seed: the same seed gives the same results."),
        click.option("--weeks", type=int, help="Number of simulated weeks."),
        setting_option,
        plugin_option,
        threads_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def display_of(quiet: bool, *, json_lines: bool = False) -> "Display":
    """The display that fits the standard streams."""
    from glasshouse._api.progress import display

    return display(sys.stdout, sys.stderr, quiet=quiet, json_lines=json_lines)


def announce(text: str, quiet: bool) -> None:
    """Says on standard error what begins, before libraries are loaded."""
    if not quiet:
        click.echo(f"{text} …", err=True)


def show_page(page: Path) -> None:
    """Opens a page in the browser."""
    import webbrowser

    webbrowser.open(page.resolve().as_uri())


def rows(title: str, found: Sequence[tuple[str, Any]]) -> None:
    """Prints names with a line about each, under a title."""
    click.echo(title)
    width = max((len(name) for name, _ in found), default=0)
    for name, text in found:
        click.echo(f"  {name:<{width}}  {text}")
    click.echo()

"""The command `glasshouse decide`."""

from pathlib import Path
from typing import Unpack

import click

from glasshouse._api.options import RunOptions
from glasshouse.cli.options import display_of, quiet_option, run_options


@click.command(short_help="Say which mechanisms decide between two scenarios.")
@click.argument("first")
@click.argument("second")
@run_options
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Page to write; else in results/.")
@quiet_option
def decide(
    first: str,
    second: str,
    settings: tuple[str, ...],
    out: Path | None,
    quiet: bool,
    **options: Unpack[RunOptions],
) -> None:
    """Run FIRST and SECOND, which differ in their regimes alone, swap one mechanism's settings at a time, and write a
    page that says which of them decide.
    """
    import glasshouse as gh

    with display_of(quiet) as shown:
        options["progress"] = shown.step
        found = gh.decide(first, second, settings, **options)
    page = gh.write_report(found, out or Path("results") / f"{found.first.name}-or-{found.second.name}.html")
    click.echo(f"{found.sentence}\n\nPage: {page}")

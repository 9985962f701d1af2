"""The commands that bring a study to its readers: compare. Doors like `cli`, which gathers them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glasshouse.commands import plugin_option, rows, setting_option
from glasshouse.errors import StoringError
from glasshouse.study_commands import catalogue_option, folder_option

if TYPE_CHECKING:
    from glasshouse.comparison import Comparison
    from glasshouse.findings import Findings


@click.command(short_help="Compare two studies, or two scenarios on the same luck.")
@click.argument("first")
@click.argument("second")
@click.option("--scenarios", is_flag=True, help="FIRST and SECOND are scenarios: run both on the same luck.")
@click.option("--replicates", type=click.IntRange(1), help="How many times to run each scenario, each with other luck.")
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="Only this measure.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write: .csv or .parquet.")
@click.option("--threads", type=click.IntRange(1, 4096), help="Processors to use; only the speed depends on it.")
@setting_option
@plugin_option
@folder_option
@catalogue_option
def compare(
    first: str,
    second: str,
    scenarios: bool,
    replicates: int | None,
    measures: tuple[str, ...],
    out: Path | None,
    threads: int | None,
    settings: tuple[str, ...],
    plugins: tuple[Path, ...],
    folder: Path,
    url: str | None,
) -> None:
    """Compare the studies FIRST and SECOND over the runs that share settings and seed, or run two scenarios on the same luck.

    Tells every measure's difference with its interval, and how many times the runs it was worth to share the luck.
    """
    given = settings if replicates is None else (*settings, f"run.replicates={replicates}")
    if not scenarios and (given or plugins):
        raise StoringError("Studies are compared as they were run: leave out --set, --plugin and --replicates.")
    found = (
        _of_scenarios(first, second, given, plugins, threads) if scenarios else _of_studies(first, second, url, folder)
    )
    _tell(found, measures)
    if out is not None:
        found.as_table().save(out)
        click.echo(f"Wrote {len(found.rows):,} measures to {out}.")


def _of_scenarios(
    first: str, second: str, settings: Sequence[str], plugins: Sequence[Path], threads: int | None
) -> "Comparison":
    from glasshouse import comparison
    from glasshouse.plugins import find
    from glasshouse.scenario import load

    joined = find(plugins)
    one, other = (load(name, settings, plugins=joined) for name in (first, second))
    return comparison.of_scenarios(one, other, threads=threads, tell=lambda text: click.echo(f"{text} …", err=True))


def _of_studies(first: str, second: str, url: str | None, folder: Path) -> "Comparison":
    from glasshouse.comparison import of_studies

    return of_studies(_found(first, url, folder), _found(second, url, folder))


def _found(name: str, url: str | None, folder: Path) -> "Findings":
    import glasshouse

    return glasshouse.open_study(name, folder=folder, catalogue=url)


def _tell(found: "Comparison", measures: Sequence[str]) -> None:
    chosen = found.chosen(measures)
    rows(
        f"What the regime changes, {found.second} less {found.first}",
        [(row.measure, row.line) for row in chosen if row.known],
    )
    if unknown := [row.measure for row in chosen if not row.known]:
        click.echo(f"Undefined in one of the two: {', '.join(unknown)}.")
    click.echo(found.sentence)


DOORS = (compare,)
"""The commands that join the group of studies."""

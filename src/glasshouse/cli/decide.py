"""The command `glasshouse decide`."""

from pathlib import Path
from typing import Unpack

import click

from glasshouse._api.options import RunOptions
from glasshouse.cli.completion import scenario_names
from glasshouse.cli.duration import of_runs
from glasshouse.cli.json_output import decide_facts, json_option, print_json
from glasshouse.cli.options import announce, display_of, out_file, out_option, quiet_option, run_options


@click.command(short_help="Say which mechanisms decide between two scenarios.")
@click.argument("first", shell_complete=scenario_names)
@click.argument("second", shell_complete=scenario_names)
@run_options
@out_option("page to write; else results/FIRST-or-SECOND.html")
@quiet_option
@json_option
def decide(
    first: str,
    second: str,
    settings: tuple[str, ...],
    out: Path | None,
    quiet: bool,
    as_json: bool,
    **options: Unpack[RunOptions],
) -> None:
    """Run FIRST and SECOND, which differ in their regimes alone, swap one mechanism's settings at a time, and write a
    page that says which of them decide.
    """
    announce(f"Preparing {click.format_filename(first)} and {click.format_filename(second)}", quiet)
    import glasshouse as gh
    from glasshouse._api.options import prepared
    from glasshouse.analysis.attribution import differing
    from glasshouse.results.totals import ARMS

    one, other = (prepared(name, settings, options) for name in (first, second))
    # Both scenarios, and for each table that differs the swap of it in either.
    runs = 2 + 2 * len(differing(one, other))
    if not quiet:
        click.echo(of_runs(one, len(ARMS), runs), err=True)
    with display_of(quiet) as shown:
        found = gh.decide(one, other, threads=options["threads"], progress=shown.show)
    page = gh.write_report(found, out_file(out or Path("results"), f"{found.first.name}-or-{found.second.name}.html"))
    if as_json:
        print_json(decide_facts(found, page))
        return
    click.echo(f"{found.sentence}\n\nPage: {page}")

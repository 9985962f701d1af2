"""The command `glasshouse rank`."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from glasshouse._api.options import RankOptions
from glasshouse.cli.completion import scenario_names
from glasshouse.cli.json_output import json_option, print_json, rank_facts
from glasshouse.cli.options import (
    announce,
    display_of,
    language_option,
    out_folder,
    out_option,
    quiet_option,
    run_options,
)

if TYPE_CHECKING:
    from glasshouse.analysis.ranking.report import Ranking

FOLDER = Path("results/rank")
"""Where the page and its data go by default."""


@click.command(short_help="Put regimes side by side, sorted by harm.")
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...", shell_complete=scenario_names)
@run_options
@click.option(
    "--own", is_flag=True, help="Each regime on its own population; else one for all, with common random numbers."
)
@click.option(
    "--safeguard", "safeguards", multiple=True, metavar="NAME", help="Safeguard that is tried on each; else all."
)
@click.option("--no-safeguards", "bare", is_flag=True, help="Try no safeguard, which takes a sixth of the time.")
@out_option(f"folder for the page and its data; else {FOLDER}")
@language_option
@quiet_option
@json_option
def rank(
    scenarios: tuple[str, ...],
    settings: tuple[str, ...],
    bare: bool,
    out: Path | None,
    quiet: bool,
    as_json: bool,
    **options: Unpack[RankOptions],
) -> None:
    """Simulate each SCENARIO, all of elsewhere/ by default, and sort them by the wrong decisions that each regime adds.

    All have one population (--marginals and --citizens say which), one length and common random numbers, unless --own gives each
    its own. Every safeguard is tried on each regime, alone and with the others: what it avoids, and what it costs the purpose.
    """
    announce("Preparing the regimes", quiet)
    import glasshouse as gh

    folder = out_folder(out or FOLDER)
    if bare or not options["safeguards"]:
        del options["safeguards"]
    if bare:
        options["safeguards"] = ()
    with display_of(quiet) as shown:
        options["progress"] = shown.show
        found = gh.rank(scenarios, settings, out=folder, **options)
    if as_json:
        print_json(rank_facts(found, folder / "rank.html"))
        return
    _show(found)
    click.echo(f"Page: {folder / 'rank.html'}")


def _show(found: "Ranking") -> None:
    """Print a table of regimes and what all safeguards together do to each."""
    from glasshouse.report.ranking_words import lacking_text, lines, safeguard_lines, sorted_text

    for line in (sorted_text(found), *lines(found), *safeguard_lines(found), *lacking_text(found)):
        click.echo(line)

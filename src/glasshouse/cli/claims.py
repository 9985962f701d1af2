"""The commands `glasshouse claims` and `glasshouse study discover`."""

import math
import sys
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli.completion import claim_names
from glasshouse.cli.json_output import claim_facts, json_option, print_json
from glasshouse.cli.options import marginals_option, plugin_option, rows
from glasshouse.cli.study import (
    _go,
    _long,
    _open,
    _processors,
    database_option,
    folder_option,
    vary_option,
    workers_option,
)
from glasshouse.errors import AnalysisError

if TYPE_CHECKING:
    from glasshouse.analysis.claim_result import ClaimResult
    from glasshouse.study.definition import Study

RUNS, REPLICATES = 320, 5
"""Runs of the study that a claim gets where none is named, and replicates at each of its 64 points."""


@click.command(short_help="List claims, or test them against a study.")
@click.argument("names", nargs=-1, metavar="[NAME|FILE]...", shell_complete=claim_names)
@click.option(
    "--study", metavar="STUDY", help="Test them against the runs of this stored study; else a study is run for each."
)
@click.option("--runs", type=int, help=f"Runs of a claim's study, replicates included; else {RUNS}.")
@click.option("--replicates", type=int, help=f"Replicates at each point (different random seeds); else {REPLICATES}.")
@vary_option
@click.option("--citizens", type=int, help="Number of citizens.")
@marginals_option
@click.option("--seed", type=int, help="Random seed of design and replicates.")
@plugin_option
@folder_option
@database_option
@workers_option
@click.option("--quiet", is_flag=True, help="Show no progress.")
@json_option
@click.pass_context
def claims(
    ctx: click.Context,
    names: tuple[str, ...],
    study: str | None,
    runs: int | None,
    replicates: int | None,
    vary: tuple[str, ...],
    citizens: int | None,
    marginals: str | None,
    seed: int | None,
    plugins: tuple[Path, ...],
    folder: Path,
    url: str | None,
    workers: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """List the shipped claims, or test claims against a study: those of NAMEs, of files of your own, or all.

    Reports for each claim the share of the plausible space in which it holds and what decides it, and for a claim about
    harms alone also where it fails; where its terms have several definitions, the share under each. With --study the runs of
    a stored study are used. Otherwise each claim's own study is run and kept; the same command continues it.
    """
    import glasshouse
    from glasshouse._api.study_analyses import claim_studies
    from glasshouse.analysis import claims as files

    tell = _print_json if as_json else _tell
    sizes = {"runs": runs, "replicates": replicates, "seed": seed, "citizens": citizens, "marginals": marginals}
    given = {key: value for key, value in sizes.items() if value is not None} | ({"vary": vary} if vary else {})
    if study is not None and given:
        raise AnalysisError(
            "With --study nothing is run: leave out --runs, --replicates, --vary, --citizens, --marginals and --seed."
        )
    if study is not None:
        found = glasshouse.studies.open(study, folder=folder, database=url)
        tell(glasshouse.studies.claims(found, names, plugins=plugins), bool(names), quiet)
        return
    if not names and as_json:
        print_json({"claims": [claim_facts(files.load(name)) for name in files.names()]})
        return
    if not names:
        rows("Claims (glasshouse claims NAME)", [(name, files.load(name).sentence) for name in files.names()])
        return
    options: dict[str, Any] = {**given, "folder": folder, "database": url, "plugins": plugins}
    # What is said of the runs is no part of the object.
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        for made in {made.name: made for _, made in claim_studies(names, options)}.values():
            _run(ctx, made, folder, url, workers, plugins, quiet)
    if as_json:
        tell(tuple(one for name in names for one in glasshouse.studies.run_claims([name], **options)), True, quiet)
        return
    for name in names:
        tell(glasshouse.studies.run_claims([name], **options), True, quiet)


def _print_json(tested: "tuple[ClaimResult, ...]", everything: bool, quiet: bool) -> None:
    """Prints the results as one object, with the reasons of those named and of the study's own scenario."""
    entries = []
    for one in tested:
        reasons = everything or one.claim.scenario.name == one.scenario
        if reasons and not quiet:
            click.echo(f"Analysing what decides {one.claim.name} …", err=True)
        entries.append(claim_facts(one.claim, one, reasons=reasons))
    print_json({"claims": entries})


def _run(
    ctx: click.Context,
    made: "Study",
    folder: Path,
    url: str | None,
    workers: int | None,
    plugins: tuple[Path, ...],
    quiet: bool,
) -> None:
    """Runs what is left of a claim's study."""
    from glasshouse.study.definition import add_study, describe_study

    if not quiet:
        click.echo(f"{made.name}: {describe_study(made)}", err=True)
        click.echo(_long(made, workers or _processors()), err=True)
    database = _open(url, folder)
    add_study(database, made)
    counts = database.counts(database.study(made.name))
    if not counts.waiting + counts.running:
        return
    _go(ctx, database, url, made.name, folder, workers, None, plugins, quiet)


def _tell(tested: "tuple[ClaimResult, ...]", everything: bool, quiet: bool) -> None:
    """A line for each claim, and all about those named or about the study's own scenario."""
    if len(tested) > 1:
        rows(
            f"Claims tested against {tested[0].study}: the share of its points at which they hold",
            [
                (one.claim.name, f"{one.answer:10}  {_share(one):20}  {one.claim.sentence}{_written(one)}")
                for one in tested
            ],
        )
    for one in tested:
        if everything or one.claim.scenario.name == one.scenario:
            if not quiet:
                click.echo(f"Analysing what decides {one.claim.name} …", err=True)
            click.echo(f"“{one.claim.sentence}” {one.answer[0].upper()}{one.answer[1:]}.{_written(one)}")
            rows(
                f"{one.claim.name}: {one.claim.expression.text}",
                [("", sentence) for sentence in (*one.sentences(), *one.reasons())],
            )
            _by_definition(one)


def _by_definition(one: "ClaimResult") -> None:
    """The share under each definition of the claim's terms, and what follows from all."""
    from glasshouse.analysis.claim_panel import panel

    found = panel(one)
    if found is None:
        return
    for place, column in enumerate(found.head[1:], 1):
        shares = [(row[0], row[place]) for row in found.rows if row[place]]
        rows(f"{one.claim.name}, {column}: the share of the plausible space in which it holds", shares)
    click.echo(found.conclusion)


def _written(one: "ClaimResult") -> str:
    return "" if one.claim.scenario.name == one.scenario else f" (Written for {one.claim.scenario.name}.)"


def _share(one: "ClaimResult") -> str:
    share = one.share
    if not share.replicates:
        return "undefined"
    return f"{share.mean:4.0%}" + ("" if math.isnan(share.low) else f" ({share.low:.0%} to {share.high:.0%})")


@click.command(short_help="Find the settings under which harm occurs.")
@click.argument("name")
@click.argument("expression")
@folder_option
@database_option
def discover(name: str, expression: str, folder: Path, url: str | None) -> None:
    """Find the box of settings in which EXPRESSION holds at the points of the study NAME, for instance
    "wrongly_listed_share > 0.1".

    Only measures of harm may be named: Glasshouse does not search for what controls people best.
    """
    import glasshouse

    found = glasshouse.studies.discover(glasshouse.studies.open(name, folder=folder, database=url), expression)
    for sentence in found.sentences():
        click.echo(sentence)

"""The commands `glasshouse claims` and `glasshouse study discover`."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glasshouse.cli.options import plugin_option, rows
from glasshouse.cli.study import _go, _long, _open, _processors, database_option, folder_option, workers_option
from glasshouse.errors import AnalysisError

if TYPE_CHECKING:
    from glasshouse.analysis.claim_test import ClaimResult
    from glasshouse.study.definition import Study
    from glasshouse.study.findings import Findings

RUNS, REPLICATES = 128, 2
"""Runs of the study that a claim gets where none is named: 64 points with two replicates each."""


@click.command(short_help="List claims, or test them against a study.")
@click.argument("names", nargs=-1, metavar="[NAME|FILE]...")
@click.option(
    "--study", metavar="STUDY", help="Test them against the runs of this stored study; else a study is run for each."
)
@click.option("--runs", type=int, help=f"Runs of a claim's study, replicates included; else {RUNS}.")
@click.option("--replicates", type=int, help=f"Replicates at each point (different random seeds); else {REPLICATES}.")
@click.option("--citizens", type=int, help="Number of citizens.")
@click.option("--seed", type=int, help="Random seed of design and replicates.")
@plugin_option
@folder_option
@database_option
@workers_option
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def claims(
    ctx: click.Context,
    names: tuple[str, ...],
    study: str | None,
    runs: int | None,
    replicates: int | None,
    citizens: int | None,
    seed: int | None,
    plugins: tuple[Path, ...],
    folder: Path,
    url: str | None,
    workers: int | None,
    quiet: bool,
) -> None:
    """List the shipped claims, or test claims against a study: those of NAMEs, of files of your own, or all.

    Reports for each claim the share of the plausible space in which it holds, what decides it, and where it fails. With
    --study the runs of a stored study are used. Otherwise each claim's own study is run and kept; the same command
    continues it.
    """
    from glasshouse.analysis import claims as files
    from glasshouse.analysis.claim_test import examine_all, test_claim
    from glasshouse.engine.plugin_loader import find
    from glasshouse.study.findings import collect

    joined = find(plugins)
    if study is not None and (runs or replicates or citizens or seed):
        raise AnalysisError("With --study nothing is run: leave out --runs, --replicates, --citizens and --seed.")
    if study is not None:
        found = collect(_open(url, folder), study, folder / study)
        _tell(found, examine_all(found, names, joined), bool(names), quiet)
        return
    if not names:
        rows("Claims (glasshouse claims NAME)", [(name, files.load(name).sentence) for name in files.names()])
        return
    sizes = {"runs": runs or RUNS, "replicates": replicates or REPLICATES, "seed": seed or 1}
    own = {"settings": {"society.citizens": citizens}} if citizens else {}
    loaded = [files.load(name, joined) for name in names]
    made = [files.made(claim, {**sizes, **own}) for claim in loaded]
    for one in {one.name: one for one in made}.values():
        _run(ctx, one, folder, url, workers, plugins, quiet)
    for claim, one in zip(loaded, made, strict=True):
        found = collect(_open(url, folder), one.name, folder / one.name)
        _tell(found, (test_claim(claim, found),), True, quiet)


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


def _tell(findings: "Findings", tested: "tuple[ClaimResult, ...]", everything: bool, quiet: bool) -> None:
    """A line for each claim, and all about those named or about the study's own scenario."""
    own = str(findings.definition["scenario_name"])
    if len(tested) > 1:
        rows(
            f"Claims tested against {findings.name}: the share of its points at which they hold",
            [
                (one.claim.name, f"{one.answer:10}  {_share(one):20}  {one.claim.sentence}{_written(one, own)}")
                for one in tested
            ],
        )
    for one in tested:
        if everything or one.claim.scenario.name == own:
            if not quiet:
                click.echo(f"Analysing what decides {one.claim.name} …", err=True)
            click.echo(f"“{one.claim.sentence}” {one.answer[0].upper()}{one.answer[1:]}.{_written(one, own)}")
            rows(
                f"{one.claim.name}: {one.claim.expression.text}",
                [("", sentence) for sentence in (*one.said(), *one.reasons())],
            )


def _written(one: "ClaimResult", own: str) -> str:
    return "" if one.claim.scenario.name == own else f" (Written for {one.claim.scenario.name}.)"


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
    from glasshouse.analysis.discovery import discover as find_box
    from glasshouse.study.findings import collect

    found = find_box(collect(_open(url, folder), name, folder / name), expression)
    for sentence in found.said():
        click.echo(sentence)

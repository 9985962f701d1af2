"""The commands of the group `study`: run, resume, work, show, sensitivity."""

import math
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli.duration import in_words
from glasshouse.cli.options import display_of, plugin_option, rows, setting_option
from glasshouse.engine.speed import SPEED
from glasshouse.errors import GlasshouseError, StoringError

if TYPE_CHECKING:
    from glasshouse.analysis.screening import Summary
    from glasshouse.analysis.sensitivity_indices import Method
    from glasshouse.model.plugin import Plugin
    from glasshouse.study.definition import Study
    from glasshouse.study.findings import Findings
    from glasshouse.study.store.study_database import StudyDatabase

FOLDER = Path("results/studies")
"""Where the study database and the shards are by default."""

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    help=f"Folder of the results; by default {FOLDER}.",
)
database_option = click.option(
    "--database",
    "url",
    envvar="GLASSHOUSE_STUDIES",
    metavar="URL",
    help="Study database: a file, or postgresql+psycopg://…; by default studies.db in the folder.",
)
workers_option = click.option(
    "--workers", type=click.IntRange(1, 4096), help="Number of workers; by default one for each processor."
)
cluster_option = click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Ray cluster to run on (HOST:PORT, ray://…); `local` starts one on this machine for the study.",
)

EACH = 0.25
"""Seconds that a run takes besides its weeks: building the population, computing the measures."""

DESIGNS = ("grid", "one-at-a-time", "random", "latin-hypercube", "sobol", "saltelli", "morris", "staged-rollout")


vary_option = click.option(
    "--vary",
    multiple=True,
    type=click.Choice(["uncertainties", "levers"]),
    help="Group of what is varied over its prior ranges, may be repeated; by default the uncertainties.",
)


def design_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options of every command that makes a study: its name, its design, what it stores."""
    options = (
        click.option("--name", help="Name of the study; by default that of the file or the scenario."),
        click.option("--design", type=click.Choice(DESIGNS), help="Design; by default that of the study file."),
        click.option("--runs", type=int, help="Approximate number of runs, replicates included."),
        vary_option,
        click.option(
            "--levels", type=int, help="Levels of each range in a grid or a Morris design; else what --runs allows."
        ),
        click.option("--replicates", type=int, help="Replicates at each point (different seeds)."),
        click.option("--seed", type=int, help="Random seed of the design and of the runs."),
        click.option(
            "--measure", "measures", multiple=True, metavar="NAME", help="Measure to store; by default all of them."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def study() -> None:
    """Vary uncertain parameters, replicate, and store every run."""


@study.command(name="run", short_help="Run a study file, or a scenario's priors.")
@click.argument("what")
@design_options
@click.option("--screening", metavar="STUDY", help="Vary only what this stored Morris study found to matter.")
@click.option(
    "--keep", type=click.IntRange(2), default=12, show_default=True, help="Number of settings that a screening keeps."
)
@setting_option
@plugin_option
@folder_option
@database_option
@workers_option
@cluster_option
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def run_(
    ctx: click.Context,
    what: str,
    name: str | None,
    design: str | None,
    runs: int | None,
    vary: tuple[str, ...],
    levels: int | None,
    replicates: int | None,
    seed: int | None,
    measures: tuple[str, ...],
    screening: str | None,
    keep: int,
    settings: tuple[str, ...],
    plugins: tuple[Path, ...],
    folder: Path,
    url: str | None,
    workers: int | None,
    cluster: str | None,
    quiet: bool,
) -> None:
    """Run the study that WHAT describes: a study file (.toml that names a scenario), or a scenario, whose priors are varied.

    Runs that are done are kept: the same command continues where it stopped.
    """
    import glasshouse
    from glasshouse._api.study_runs import defined
    from glasshouse.engine import size
    from glasshouse.study.definition import add_study, describe_study

    options: dict[str, Any] = {
        "name": name, "design": design, "runs": runs, "vary": vary, "levels": levels, "replicates": replicates, "seed": seed,
        "measures": measures, "plugins": plugins,
    }  # fmt: skip
    if screening is not None:
        from glasshouse.analysis.screening import may_be_analysed, screened

        stored = glasshouse.studies.open(screening, folder=folder, database=url)
        options["only"] = screened(stored, keep, tuple(one for one in measures if may_be_analysed(stored, one)))
    made = defined(what, settings, options)

    if not quiet:
        click.echo(describe_study(made), err=True)
        if workers or not cluster:
            click.echo(_long(made, workers or _processors()), err=True)
    if not cluster:
        size.check(made.scenario, workers=workers or _processors())
    database = _open(url, folder)
    add_study(database, made)
    _go(ctx, database, url, made.name, folder, workers, cluster, plugins, quiet)


@study.command(short_help="Resume a study.")
@click.argument("name")
@plugin_option
@folder_option
@database_option
@workers_option
@cluster_option
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def resume(
    ctx: click.Context,
    name: str,
    plugins: tuple[Path, ...],
    folder: Path,
    url: str | None,
    workers: int | None,
    cluster: str | None,
    quiet: bool,
) -> None:
    """Resume the study NAME: runs that are missing, damaged, interrupted or failed are done."""
    from glasshouse._api.study_runs import put_back

    database = _open(url, folder, existing=True)
    lost, failed = put_back(database, name, folder)
    if lost:
        click.echo(f"Running {lost:,} runs again whose results were missing or damaged.", err=True)
    if failed:
        click.echo(f"Trying {failed:,} runs again that had failed.", err=True)
    _go(ctx, database, url, name, folder, workers, cluster, plugins, quiet)


@study.command(short_help="Add a worker to a study.")
@click.argument("what", metavar="NAME|URL")
@plugin_option
@folder_option
@database_option
@click.option("--threads", type=click.IntRange(1, 4096), default=1, help="Processors that this worker uses.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
def work(what: str, plugins: tuple[Path, ...], folder: Path, url: str | None, threads: int, quiet: bool) -> None:
    """Work on the study NAME, or on every study of the study database at URL, until no run is left.

    Any number of workers may do so, on any machine that reaches the study database and the folder.
    """
    import glasshouse
    from glasshouse.engine.plugin_loader import find

    for ending in {"SIGTERM", "SIGHUP"} & set(dir(signal)):
        signal.signal(getattr(signal, ending), lambda *_: sys.exit(143))
    everything = "://" in what or Path(what).suffix == ".db"
    if everything and "://" not in what and folder == FOLDER:
        folder = Path(what).parent
    address = what if everything else url
    names = _workable(_open(address, folder, existing=True), find(plugins)) if everything else [what]
    done = sum(
        glasshouse.studies.work(name, folder=folder, database=address, plugins=plugins, threads=threads)
        for name in names
    )
    if not quiet:
        click.echo(f"No run is left; this worker did {done:,}.")


def _workable(database: "StudyDatabase", plugins: "Sequence[Plugin]") -> list[str]:
    """Studies with runs left whose code and plug-ins are here; prints which are skipped, and why."""
    from glasshouse.study.worker import check_code

    found = []
    for each in database.studies():
        counts = database.counts(each)
        if counts.ended == counts.total:
            continue
        try:
            check_code(each, plugins)
        except StoringError as error:
            click.echo(f"Skipped: {error}", err=True)
        else:
            found.append(each.name)
    return found


@study.command(short_help="Show the results of a study.")
@click.argument("name")
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="Only this measure.")
@folder_option
@database_option
def show(name: str, measures: tuple[str, ...], folder: Path, url: str | None) -> None:
    """Show the results of the study NAME: the effects of the regime, over the points of the design."""
    import glasshouse

    found = glasshouse.studies.open(name, folder=folder, database=url)
    for measure in measures:
        found.outputs(measure)
    from glasshouse.analysis.screening import summaries

    chosen = [one for one in summaries(found) if not measures or one.measure in measures]
    title = f"{found.definition['title']}: what the regime changes, mean over {found.counts.done:,} runs"
    rows(title, [(one.measure, _summary_text(one, len(found.parameters))) for one in chosen])
    if found.design.kind == "staged-rollout":
        _tell_evaluations(found, [one.measure for one in chosen])
    if found.counts.done < found.counts.total:
        click.echo(f"{found.counts.total - found.counts.done:,} runs are not done: glasshouse study status {name}")


@study.command(short_help="Show how sensitive a measure is to the settings.")
@click.argument("name")
@click.option("--measure", "measures", multiple=True, required=True, metavar="NAME",
              help="Measure of harm: the effect on it; NAME.regime or NAME.reference for its level in one arm.")  # fmt: skip
@click.option("--method", type=click.Choice(["sobol", "morris", "delta", "pawn"]),
              help="Kind of index; by default the one that the design is for.")  # fmt: skip
@click.option("--most", type=click.IntRange(1), default=12, show_default=True, help="Number of factors to show.")
@folder_option
@database_option
def sensitivity(
    name: str, measures: tuple[str, ...], method: "Method | None", most: int, folder: Path, url: str | None
) -> None:
    """Show how sensitive a measure is to the settings that the study NAME varies, and its Monte Carlo noise.

    Sobol indices for a Saltelli design, elementary effects for Morris's, delta or PAWN for any sample.
    """
    import glasshouse
    from glasshouse.analysis.screening import analyse

    found = glasshouse.studies.open(name, folder=folder, database=url)
    for measure in measures:
        result = analyse(found, measure, method)
        table = [
            (key, "; ".join(str(one) for one in result.indices if one.factor.key == key)) for key in result.strongest
        ]
        each = f"{result.replicates:,} replicate{'s' * (result.replicates > 1)} at each"
        rows(f"{measure}, by {result.method}: {result.points:,} points, {each}", table[:most])
        left = len(table) - most
        click.echo(f"{f'{left} weaker factors are not shown. ' if left > 0 else ''}{' '.join(result.notes())}")


def _tell_evaluations(found: "Findings", measures: list[str]) -> None:
    """Prints what evaluations in the field would have found of each measure, by estimator and length of the roll-out."""
    from glasshouse.analysis.rollout_evaluation import evaluations

    for measure in measures:
        table = [
            (f"{one.weeks} weeks, {one.estimator}",
             f"studies: {one.runs}   truth {one.truth}   found {one.found}   on the reference arm {one.control}   "
             f"without it {one.effect}   holds the truth in {one.covered:.0%}   sees an effect in {one.detected:.0%}"
             if one.runs else "no study is possible")
            for one in evaluations(found, measure)
        ]  # fmt: skip
        rows(f"What an evaluation in the field would find of {measure}, by roll-out and estimator", table)


def _summary_text(one: "Summary", points: int) -> str:
    """The results for one measure, in a line; `points` are those of the study."""
    if not one.points:
        return "undefined at every point"
    summary = f"{one.mean:11.4g}   5 to 95 %: {one.low:.4g} to {one.high:.4g}   above 0 at {one.positive:.0%} of points"
    summary += "" if math.isnan(one.noise) else f"   within points {one.noise:.0%} of variance"
    return summary if one.points == points else f"{summary}   undefined at {points - one.points:,} of {points:,} points"


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _long(made: "Study", workers: int) -> str:
    """How long a study will take, approximately, at the speed of a small machine."""
    steps = made.scenario.run.weeks * made.scenario.society.citizens * 2
    duration = in_words(len(made.runs) * (EACH + steps / SPEED) / workers)
    number = "one worker" if workers == 1 else f"{workers:,} workers"
    return f"With {number} this takes {duration} (at 2.5 million citizen-weeks a second each, and {EACH} s a run)."


def _open(url: str | None, folder: Path, *, existing: bool = False) -> "StudyDatabase":
    from glasshouse.study.store.study_database import StudyDatabase

    return StudyDatabase.open(place(url, folder), existing=existing)


def place(url: str | None, folder: Path) -> str:
    """Where the study database is: an address or file, else in the folder."""
    return url or str(folder / "studies.db")


def _go(
    ctx: click.Context,
    database: "StudyDatabase",
    url: str | None,
    name: str,
    folder: Path,
    workers: int | None,
    cluster: str | None,
    plugins: tuple[Path, ...],
    quiet: bool,
) -> None:
    """Runs what is left and shows the progress; says at the end what failed, or how to continue later."""
    from glasshouse._api.study_runs import complete
    from glasshouse.study.integrity import faults

    advice = f"Runs that are done are kept. Continue with: glasshouse study resume {name} --folder {folder}"
    ctx.find_root().obj = advice
    # By default a cluster is used whole.
    number = workers or (0 if cluster else _processors())
    try:
        with display_of(quiet) as shown:
            options = {"folder": folder, "database": url, "plugins": plugins, "workers": number, "cluster": cluster}
            complete(database, name, {**options, "progress": None if quiet else shown.show})
    except GlasshouseError as error:
        error.args = (f"{error}\n{advice}",)
        raise
    record = database.study(name)
    if changed := faults(database, record, folder):
        raise GlasshouseError("\n".join(changed))
    counts = database.counts(record)
    if left := database.sweep(record, folder / name):
        click.echo(f"Removed {left:,} files that workers had left behind.", err=True)
    click.echo(
        f"{counts.done:,} of {counts.total:,} runs are done. Look: glasshouse study show {name} --folder {folder}"
    )
    if counts.failed:
        raise GlasshouseError(f"{counts.failed:,} runs failed: glasshouse study status {name} --folder {folder}")

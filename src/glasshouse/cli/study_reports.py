"""The commands of the group `study` that write or report: compare, report, export, freeze, pack, status."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli.json_output import json_option, print_json, status_facts
from glasshouse.cli.options import display_of, out_file, out_option, plugin_option, rows, setting_option, show_page
from glasshouse.cli.study import _open, database_option, design_options, folder_option, place
from glasshouse.errors import AnalysisError, StoringError

if TYPE_CHECKING:
    from glasshouse.analysis.comparison import Comparison
    from glasshouse.study.findings import Findings


@click.command(short_help="Compare two studies, or two scenarios with common random numbers.")
@click.argument("first")
@click.argument("second")
@click.option("--scenarios", is_flag=True, help="FIRST and SECOND are scenarios: run both with the same random seeds.")
@click.option("--replicates", type=click.IntRange(1), help="Replicates of each scenario (different seeds).")
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="Only this measure.")
@out_option("table to write, .csv or .parquet; none without it")
@click.option("--threads", type=click.IntRange(1, 4096), help="Processors to use; only the speed depends on it.")
@setting_option
@plugin_option
@folder_option
@database_option
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
    """Compare the studies FIRST and SECOND over the runs that share settings and seed, or two scenarios.

    Prints the difference of every measure with its confidence interval, and the variance reduction by common random numbers.
    """
    given = settings if replicates is None else (*settings, f"run.replicates={replicates}")
    if not scenarios and (given or plugins):
        raise StoringError("Studies are compared as they were run: leave out --set, --plugin and --replicates.")
    found = (
        _of_scenarios(first, second, given, plugins, measures, threads)
        if scenarios
        else _of_studies(first, second, url, folder)
    )
    _tell(found, measures)
    if out is not None:
        table = out_file(out, f"{found.first}-or-{found.second}.csv")
        found.as_table().save(table)
        click.echo(f"Wrote {len(found.rows):,} measures to {table}.")


def _of_scenarios(
    first: str,
    second: str,
    settings: Sequence[str],
    plugins: Sequence[Path],
    measures: Sequence[str],
    threads: int | None,
) -> "Comparison":
    from glasshouse.analysis import comparison
    from glasshouse.engine.plugin_loader import find
    from glasshouse.model.measures import CATALOGUE
    from glasshouse.model.optional import OPTIONAL
    from glasshouse.scenario.messages import nearest
    from glasshouse.scenario.scenario import load

    joined = find(plugins)
    one, other = (load(name, settings, plugins=joined) for name in (first, second))
    # Before the runs, which take long.
    added = [measure for plugin in (*OPTIONAL, *joined) for measure in plugin.measures]
    known = [measure.name for measure in (*CATALOGUE, *added)]
    if strange := [name for name in measures if name not in known]:
        raise AnalysisError(f"No measure is called {strange[0]}.{nearest(strange[0], known)} Look: glasshouse list")
    with display_of(quiet=False) as shown:
        return comparison.of_scenarios(one, other, threads=threads, progress=shown.show)


def _of_studies(first: str, second: str, url: str | None, folder: Path) -> "Comparison":
    from glasshouse.analysis.comparison import of_studies

    return of_studies(_found(first, url, folder), _found(second, url, folder))


def _found(name: str, url: str | None, folder: Path) -> "Findings":
    import glasshouse

    return glasshouse.studies.open(name, folder=folder, database=url)


def _tell(found: "Comparison", measures: Sequence[str]) -> None:
    chosen = found.chosen(measures)
    changes = [(row.measure, row.line) for row in chosen if row.known and row.moved]
    rows(f"What the regime changes, {found.second} less {found.first}", changes)
    if same := [row.measure for row in chosen if row.known and not row.moved]:
        click.echo(f"The same in both, in every run: {', '.join(same)}.")
    if unknown := [row.measure for row in chosen if not row.known]:
        click.echo(f"Undefined in one of the two: {', '.join(unknown)}.")
    click.echo(found.sentence)


@click.command(short_help="Write the report of a study.")
@click.argument("name")
@out_option("page to write; else NAME.html in the folder of the study")
@click.option("--open/--no-open", "show", default=False, help="Open the page in the browser.")
@click.option("--claim", "claims", multiple=True, metavar="NAME|FILE",
              help="Claim to test; by default every shipped one whose measures the study stores.")  # fmt: skip
@plugin_option
@folder_option
@database_option
def report(
    name: str,
    out: Path | None,
    show: bool,
    claims: tuple[str, ...],
    plugins: tuple[Path, ...],
    folder: Path,
    url: str | None,
) -> None:
    """Write the report of the study NAME: its results, what they rest on, and every run, in one file without network."""
    import glasshouse
    from glasshouse.report.study.study_page import headline

    found = _found(name, url, folder)
    page = out_file(out or folder, f"{name}.html")
    glasshouse.studies.write_report(found, page, claims=claims, folder=folder, plugins=plugins)
    click.echo(f"{headline(found)}\n\nPage: {page}")
    if show:
        show_page(page)


@click.command(short_help="Preregister a study before its first run, or check a registration.")
@click.argument("what", required=False)
@design_options
@click.option("--claims", multiple=True, metavar="NAME|FILE",
              help="Claim that the study is to test, registered with it.")  # fmt: skip
@out_option("copy of the frozen file, to deposit elsewhere; none without it")
@click.option(
    "--verify", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Check a frozen file instead."
)
@setting_option
@plugin_option
@folder_option
@database_option
def freeze(
    what: str | None,
    name: str | None,
    design: str | None,
    runs: int | None,
    vary: tuple[str, ...],
    levels: int | None,
    replicates: int | None,
    seed: int | None,
    measures: tuple[str, ...],
    claims: tuple[str, ...],
    out: Path | None,
    verify: Path | None,
    settings: tuple[str, ...],
    plugins: tuple[Path, ...],
    folder: Path,
    url: str | None,
) -> None:
    """Preregister the study that WHAT describes, as `study run` takes it, by hash before its first run.

    Scenario, design, measures, claims, plug-ins and code are fixed. Writes NAME.frozen.toml, which can be deposited
    elsewhere and checked with --verify FILE; what changes later is refused.
    """
    if (what is None) == (verify is None):
        raise StoringError("Name either WHAT to freeze, or --verify FILE to check.")
    if verify is not None:
        _verify(verify, url, folder)
        return
    import glasshouse
    from glasshouse._api.study_runs import defined
    from glasshouse.storage import write_atomic
    from glasshouse.study import preregistration
    from glasshouse.study.definition import describe_study

    options: dict[str, Any] = {
        "name": name, "design": design, "runs": runs, "vary": vary, "levels": levels, "replicates": replicates, "seed": seed,
        "measures": measures, "plugins": plugins, "folder": folder, "database": url,
    }  # fmt: skip
    made = defined(str(what), settings, options)
    frozen = glasshouse.studies.freeze(str(what), claims, settings, **options)
    if out is not None:
        out = out_file(out, frozen.name)
        write_atomic(out, frozen.read_text(encoding="utf-8"), "the frozen file")
    mark, _ = preregistration.read_registration(frozen)
    click.echo(f"Frozen on {mark.date} as {mark.digest}: {describe_study(made)}\nFrozen file: {out or frozen}")
    click.echo(f"Run it: glasshouse study run {what} (with the same options), or: glasshouse study resume {made.name}")


def _verify(file: Path, url: str | None, folder: Path) -> None:
    """Checks a frozen file, and the study of its name if the study database is there and has it."""
    from glasshouse.results.provenance import code_digest
    from glasshouse.study import preregistration
    from glasshouse.study.store.study_database import StudyDatabase

    mark, registration = preregistration.read_registration(file)
    click.echo(f"{file} is what was frozen on {mark.date} as {mark.digest}: the study {registration['name']}.")
    if not registration["plugins"]:
        same = "the one" if code_digest() == registration["code"] else "not the one"
        click.echo(f"The code of this installation is {same} that it fixes.")
    if url is None and not Path(place(url, folder)).exists():
        return
    with StudyDatabase.open(place(url, folder), read_only=True) as database:
        named = [each for each in database.studies() if each.name == registration["name"]]
    for each in named:
        there = preregistration.registration_of(each)
        if there is None or there.digest != mark.digest:
            raise StoringError(
                f"The study {each.name} in the study database is {f'frozen as {there.digest}' if there else 'not frozen'}."
            )
        click.echo(f"The study {each.name} in the study database is frozen under the same hash.")


@click.command(short_help="Write the replication package of a study.")
@click.argument("name")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@plugin_option
@folder_option
@database_option
def pack(name: str, out: Path, plugins: tuple[Path, ...], folder: Path, url: str | None) -> None:
    """Write all of the study NAME to the ZIP file OUT: report, scenario, study file, seeds, figures, hashes, descriptions of
    the model, versions, and the command that does it again.
    """
    import glasshouse

    glasshouse.studies.write_package(_found(name, url, folder), out, folder=folder, plugins=plugins)
    click.echo(
        f"Wrote the replication package of {name} to {out}. Its README.txt has the command that repeats the study."
    )


@click.command(short_help="Write every run of a study to a file.")
@click.argument("name")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--tidy", is_flag=True, help="A row for each figure: measure, arm, value, unit; else a row for each run.")
@folder_option
@database_option
def export(name: str, out: Path, tidy: bool, folder: Path, url: str | None) -> None:
    """Write every run of the study NAME that is done to OUT (.csv, .parquet): settings of its point, then every figure."""
    found = _found(name, url, folder)
    (found.frame() if tidy else found.runs).save(out)
    click.echo(f"Wrote {len(found.runs):,} of {found.counts.total:,} runs to {out}.")
    if left := found.counts.total - len(found.runs):
        missing = f"{left:,} are not in it: {found.counts.failed:,} failed, the others are not done."
        click.echo(f"{missing} Look: glasshouse study status {name}", err=True)


@click.command(short_help="Show how far studies are.")
@click.argument("name", required=False)
@folder_option
@database_option
@json_option
def status(name: str | None, folder: Path, url: str | None, as_json: bool) -> None:
    """Show how far the study NAME is, or all of them: runs by state, what failed and why, what is stalled."""
    import glasshouse

    if name is not None:
        names = [name]
    elif url is not None or Path(place(url, folder)).exists():
        # Where an address is given, none that is mistyped passes for a database without studies.
        names = [each.name for each in _open(url, folder, existing=True).studies()]
    else:
        names = []
    if as_json:
        found = {each: glasshouse.studies.status(each, folder=folder, database=url) for each in names}
        print_json({"studies": [status_facts(each, one) for each, one in found.items()]})
        return
    if not names:
        click.echo(
            f"There is no study in the study database. Start one with: glasshouse study run WHAT --folder {folder}"
        )
    for each in names:
        one = glasshouse.studies.status(each, folder=folder, database=url)
        states = ("done", "running", "waiting", "failed")
        table = [(state, f"{getattr(one, state):,} of {one.total:,}") for state in states]
        if one.changed:
            table += [("changed", fault) for fault in one.changed]
        elif one.frozen:
            table += [("frozen", f"before the first run, as {one.frozen}")]
        table += _first([(f"run {run.number}", f"failed: {run.error}") for run in one.failures])
        table += _first(
            [(f"run {run.number}", f"stalled: worker {run.worker} no longer reports") for run in one.stalled]
        )
        if one.lost:
            table += [("results", f"of {one.lost:,} runs are missing or damaged; `study resume` does them again")]
        rows(each, table)


def _first(entries: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The first ten of a list, and how many more there are."""
    more = [("", f"and {len(entries) - 10:,} more")] if len(entries) > 10 else []
    return entries[:10] + more


REPORT_COMMANDS = (compare, export, freeze, pack, report, status)
"""The commands that join the group of studies."""

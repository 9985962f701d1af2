"""The command line: a door that translates what is typed into calls, and decides nothing.

Everything heavy is imported inside the command that needs it, so that help is instant and the first word stands on the
screen before libraries load. What goes wrong by a user's mistake is told in plain words, with its class's exit code.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.errors import GlasshouseError, StoringError
from glasshouse.progress import Progress, event

if TYPE_CHECKING:
    from glasshouse.scenario import Scenario
    from glasshouse.screen import Screen

STOPPED = 130
"""Exit code after Ctrl-C, as shells expect it."""


class Door(click.Group):
    """Commands whose failures are told, never traced."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command; a failure that Glasshouse explains becomes a message and its exit code."""
        try:
            return super().invoke(ctx)
        except GlasshouseError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            advice = f" {ctx.obj}" if ctx.obj else ""
            click.echo(f"\nStopped.{advice}", err=True)
            ctx.exit(STOPPED)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from glasshouse.provenance import version

        click.echo(f"glasshouse {version()}")
        ctx.exit()


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def cli() -> None:
    r"""Glasshouse: a laboratory for systems that track, score, list and sanction people.

    It runs such a system on a wholly synthetic society, and the same society without it, and reports what differs.

    \b
    Begin with: glasshouse run social-governance
    """


_settings = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="TABLE.KEY=VALUE",
    help="Set any value, for instance run.weeks=52.",
)


_plugins = click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Python file with mechanisms or measures of your own. It is run: name only what you trust.",
)


@cli.command()
@click.argument("scenario")
@click.option("--citizens", type=int, help="How many people the society has.")
@click.option("--replicates", type=int, help="How many times to run it, each with other luck.")
@click.option("--seed", type=int, help="Names the luck: the same seed gives the same run.")
@click.option("--weeks", type=int, help="How many weeks each world lives.")
@_settings
@_plugins
@click.option("--out", type=click.Path(path_type=Path), help="Folder for results; else results/SCENARIO-seedSEED.")
@click.option("--threads", type=click.IntRange(1, 4096), help="Processors to use; only the speed depends on it.")
@click.option("--resume", is_flag=True, help="Go on with the interrupted run in the folder.")
@click.option("--open/--no-open", "show", default=False, help="Open the report in the browser.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option("--json-progress", "json_lines", is_flag=True, help="Show progress as JSON lines on standard output.")
@click.pass_context
def run(
    ctx: click.Context,
    scenario: str,
    citizens: int | None,
    replicates: int | None,
    seed: int | None,
    weeks: int | None,
    settings: tuple[str, ...],
    plugins: tuple[Path, ...],
    out: Path | None,
    threads: int | None,
    resume: bool,
    show: bool,
    quiet: bool,
    json_lines: bool,
) -> None:
    """Run SCENARIO, a shipped one's name or a file, and write a report."""
    if json_lines:
        event("preparing", {"scenario": click.format_filename(scenario)}, sys.stdout)
    elif not quiet:
        click.echo(f"Preparing {click.format_filename(scenario)} …", err=True)
    short = {"society.citizens": citizens, "run.replicates": replicates, "run.seed": seed, "run.weeks": weeks}
    given = [f"{key}={value}" for key, value in short.items() if value is not None]
    from glasshouse.folder import claim, default_folder
    from glasshouse.plugins import find
    from glasshouse.scenario import load
    from glasshouse.screen import choose

    loaded = load(scenario, (*settings, *given), plugins=find(plugins))
    folder = out or default_folder(loaded)
    claim(folder, loaded, resume=resume)
    ctx.find_root().obj = f"What was done is kept in {folder}. The same command with --resume goes on from there."
    screen = choose(sys.stdout, sys.stderr, quiet=quiet, json_lines=json_lines)
    headline, report = _run(loaded, folder, screen, threads, resume)
    if json_lines:
        event("result", {"headline": headline, "report": str(report)}, sys.stdout)
    else:
        click.echo(f"{headline}\n\nReport: {report}")
    if show:
        _open(report)


def _open(page: Path) -> None:
    import webbrowser

    webbrowser.open(page.resolve().as_uri())


def _run(scenario: "Scenario", folder: Path, screen: "Screen", threads: int | None, resume: bool) -> tuple[str, Path]:
    """Runs the scenario under a screen and writes its report: the headline and the report's path."""
    report = folder / "report.html"
    with screen:
        from glasshouse import engine
        from glasshouse.report import write_report

        result = engine.run(scenario, out=folder, resume=resume, threads=threads, progress=screen)
        last = scenario.run
        screen(Progress("report", last.replicates - 1, last.replicates, last.weeks, last.weeks, {}))
        write_report(result, report)
    return result.headline, report


@cli.command(short_help="Show lives of synthetic citizens in both worlds.")
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--citizen", type=int, help="Position of a citizen in the run's first society; else telling lives.")
@click.option("--kind", help="Only one kind of telling life, for instance most-wronged.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Page to write; else RESULT/lives….html.")
@click.option("--threads", type=click.IntRange(1, 4096), help="Processors to use; only the speed depends on it.")
@click.option("--open/--no-open", "show", default=False, help="Open the page in the browser.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def lives(
    result: Path, citizen: int | None, kind: str | None, out: Path | None, threads: int | None, show: bool, quiet: bool
) -> None:
    """Tell lives of synthetic citizens of RESULT, a run's folder, in both worlds side by side.

    None of these people exists. A run stores nothing about single citizens: its first society is run again.
    """
    if not quiet:
        click.echo(f"Following lives in {result}: its first society is run again …", err=True)
    from glasshouse.following import lives as follow
    from glasshouse.screen import choose

    screen = choose(sys.stdout, sys.stderr, quiet=quiet, json_lines=False)
    with screen:
        found = follow(result, citizen=citizen, kind=kind, threads=threads, progress=screen)
    from glasshouse.report import write_lives

    which = [str(part) for part in ("lives", kind, citizen) if part is not None]
    page = out or result / f"{'-'.join(which)}.html"
    write_lives(found, page)
    click.echo(f"{found}\n\nPage: {page}")
    if show:
        _open(page)


@cli.command(short_help="Lay SCENARIO out by the elements of the EU's social-scoring rule.")
@click.argument("scenario")
@click.option("--citizens", type=int, help="How many people the society has; else the scenario's, at most 12,000.")
@click.option("--replicates", type=int, help="How many times to run it, each with other luck.")
@click.option("--seed", type=int, help="Names the luck: the same seed gives the same figures.")
@click.option("--weeks", type=int, help="How many weeks each world lives.")
@_settings
@click.option("--relatedness", default="usual", metavar="FILE.toml", help="Which data bear on which decision.")
@click.option(
    "--minor", type=float, default=0.5, metavar="WW", help="Harm up to which an act is minor (welfare-weeks)."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the sheet; else results/SCENARIO-seedSEED-sheet."
)
@click.option("--threads", type=click.IntRange(1, 4096), help="Processors to use; only the speed depends on it.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def assess(
    scenario: str,
    citizens: int | None,
    replicates: int | None,
    seed: int | None,
    weeks: int | None,
    settings: tuple[str, ...],
    relatedness: str,
    minor: float,
    out: Path | None,
    threads: int | None,
    quiet: bool,
) -> None:
    """Lay SCENARIO out by the elements of Article 5(1)(c) of the EU AI Act: numbers and assumptions, never a verdict."""
    if not quiet:
        click.echo(f"Preparing {click.format_filename(scenario)} …", err=True)
    short = {"society.citizens": citizens, "run.replicates": replicates, "run.seed": seed, "run.weeks": weeks}
    given = (*settings, *(f"{key}={value}" for key, value in short.items() if value is not None))
    from glasshouse import assessment
    from glasshouse import relatedness as matrix
    from glasshouse.folder import claim, default_folder
    from glasshouse.scenario import load
    from glasshouse.screen import choose

    ratings = matrix.load(relatedness)
    loaded = assessment.sized(load(scenario, given), [text.partition("=")[0].strip() for text in given])
    folder = out or default_folder(loaded).with_name(f"{default_folder(loaded).name}-sheet")
    claim(folder, loaded)
    with choose(sys.stdout, sys.stderr, quiet=quiet, json_lines=False) as screen:
        from glasshouse.report import write_evidence

        found = assessment.assess(loaded, ratings=ratings, minor=minor, threads=threads, progress=screen)
        found.save(folder)
        write_evidence(found, folder / "evidence.html")
    click.echo(f"Evidence sheet: {folder / 'evidence.html'}\nIt lays out evidence and gives no verdict.")


@cli.command(short_help="Check SCENARIO without running it.")
@click.argument("scenario")
@_settings
@_plugins
def check(scenario: str, settings: tuple[str, ...], plugins: tuple[Path, ...]) -> None:
    """Check SCENARIO without running it: every fault at once, with its place and what to do."""
    from glasshouse.plugins import find
    from glasshouse.scenario import load

    found = load(scenario, settings, plugins=find(plugins))
    run = found.run
    changes = f", changed from week {run.change:,}" if run.change else ""
    ends = f", ended by week {run.until:,}" if run.until else ""
    click.echo(
        f"{found.name} is in order: {found.title}\n"
        f"{found.society.citizens:,} citizens, {run.weeks:,} weeks, the regime from week {run.start:,}{changes}{ends}, "
        f"replicates: {run.replicates:,}, seed {run.seed}."
    )


@cli.command(short_help="Describe the model that SCENARIO runs, after the ODD protocol.")
@click.argument("scenario")
@click.option("--against", metavar="OTHER", help="Tell only what differs from this scenario.")
@_settings
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="FILE.html or FILE.md; else Markdown here."
)
def describe(scenario: str, against: str | None, settings: tuple[str, ...], out: Path | None) -> None:
    """Describe the model that SCENARIO runs, after the ODD protocol, from the declarations in the code.

    With --against OTHER, describe only what SCENARIO does otherwise than OTHER. Values given with --set go over SCENARIO.
    """
    from glasshouse.scenario import load

    found = load(scenario, settings)
    other = load(against) if against is not None else None
    from glasshouse.odd import delta, odd

    document = odd(found) if other is None else delta(found, other)
    if out is None:
        from glasshouse.document import markdown

        click.echo(markdown(document), nl=False)
        return
    from glasshouse.report import write_document

    write_document(document, out)
    click.echo(f"Wrote {out}.")


@cli.command(short_help="Print the JSON Schema of scenario files for editors.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else standard output.")
@_plugins
def schema(out: Path | None, plugins: tuple[Path, ...]) -> None:
    """Print the JSON Schema of scenario files, from which editors complete and check."""
    import json

    from glasshouse.json_schema import json_schema
    from glasshouse.mechanisms import CATALOGUE
    from glasshouse.plugin import in_week
    from glasshouse.plugins import find

    text = json.dumps(json_schema(in_week(CATALOGUE, find(plugins))), indent=2, ensure_ascii=False)
    if out is None:
        click.echo(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise StoringError(f"{out}: cannot be written ({error.strerror}). Name another file with --out.") from error
    click.echo(f"Wrote {out}. Name it in a scenario's first line: #:schema {out}")


@cli.command(short_help="Study the roll-out of a result as the field would.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="Measure to study; else protest.")
@click.option("--event-study", "events", is_flag=True, help="Tell the effect by time since joining.")
def did(folder: Path, measures: tuple[str, ...], events: bool) -> None:
    """Difference-in-differences on the roll-out of the result in FOLDER, beside the paired truth.

    Estimates from the districts of the regime world alone, as a study in the field would (needs pyfixest), next to what
    the laboratory knows from the same districts without the regime.
    """
    from glasshouse.event_study import ESTIMATORS
    from glasshouse.saved import open_result

    result = open_result(folder)
    for measure in measures or ("protest",):
        study = result.did(measure)
        rows = [
            (f"field, {what}", f"{study.found(name)}; holds the truth in {study.covered(name)} of {study.replicates}")
            for name, what in ESTIMATORS.items()
        ]
        rows += [("truth, where joined", str(study.truth)), ("truth, still outside", str(study.spillover))]
        _rows(f"{measure} ({study.unit}), effect of joining", rows)
        if events:
            told = [(f"{weeks:+5d}", f"{found}; truth {truth:.4g}") for weeks, found, truth in study.by_event()]
            _rows("Weeks since joining", told)


@cli.command(name="list", short_help="List scenarios, mechanisms and measures.")
@_plugins
def list_(plugins: tuple[Path, ...]) -> None:
    """List what there is: scenarios, mechanisms and measures, each with a line about it; plug-ins with where they are from."""
    from glasshouse import relatedness as matrix
    from glasshouse.measures import CATALOGUE as MEASURES
    from glasshouse.mechanisms import CATALOGUE as MECHANISMS
    from glasshouse.plugin import in_week
    from glasshouse.plugins import find
    from glasshouse.scenario import library_names, load

    found = find(plugins)
    origins = {kind: f" [{one.label}]" for one in found for kind in (*one.mechanisms, *one.measures)}
    measures = (*MEASURES, *(measure for one in found for measure in one.measures))
    _rows("Scenarios (glasshouse run NAME)", [(name, load(name).title) for name in library_names()])
    _rows(
        "Mechanisms (tables of a scenario)",
        [(model.name, _summary(model) + origins.get(model, "")) for model in in_week(MECHANISMS, found)],
    )
    _rows(
        "Measures (columns of a result)",
        [(one.name, f"{one.title} ({one.unit}){origins.get(one, '')}") for one in measures],
    )
    _rows("Relatedness (glasshouse assess --relatedness NAME)", [(n, matrix.load(n).title) for n in matrix.names()])


def _summary(model: type) -> str:
    return (model.__doc__ or "").strip().split("\n")[0]


def _rows(title: str, rows: Sequence[tuple[str, str]]) -> None:
    click.echo(title)
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        click.echo(f"  {name:<{width}}  {text}")
    click.echo()


def main(entry: Callable[[], Any] = cli) -> None:
    """The entry point of the `glasshouse` command."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or file that cannot hold a character gets a stand-in for it, not a failure.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        entry()
    except KeyboardInterrupt:
        # Only while libraries load, before a command has begun: there is nothing to resume.
        sys.exit(STOPPED)
    except BrokenPipeError:
        # Whoever read the output went away. What is left unwritten must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()

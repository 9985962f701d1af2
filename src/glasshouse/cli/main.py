"""The command line: a door that translates what is typed into calls, and decides nothing.

Everything heavy is imported inside the command that needs it, so that help is instant and the first word stands on the
screen before libraries load. What goes wrong by a user's mistake is told in plain words, with its class's exit code.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli.calibrate import calibrate
from glasshouse.cli.claims import claims, discover
from glasshouse.cli.reports import (
    assess,
    decide,
    describe,
    did,
    lives,
    plugin_option,
    replicate,
    rows,
    setting_option,
    show_page,
)
from glasshouse.cli.study import study
from glasshouse.cli.study_reports import REPORT_COMMANDS
from glasshouse.cli.web import web
from glasshouse.engine.progress import Progress, event
from glasshouse.errors import GlasshouseError, StoringError

if TYPE_CHECKING:
    from glasshouse.cli.progress import Screen
    from glasshouse.scenario.scenario import Scenario

STOPPED = 130
"""Exit code after Ctrl-C, as shells expect it."""


class ErrorHandlingGroup(click.Group):
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
        from glasshouse.results.provenance import version

        click.echo(f"glasshouse {version()}")
        ctx.exit()


@click.group(cls=ErrorHandlingGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def cli() -> None:
    """Glasshouse: a laboratory for systems that track, score, list and sanction people.

    It runs such a system on a wholly synthetic society, and the same society without it, and reports what differs.

    Begin with: glasshouse run social-governance
    """


@cli.command()
@click.argument("scenario")
@click.option("--citizens", type=int, help="How many people the society has.")
@click.option("--replicates", type=int, help="How many times to run it, each with other luck.")
@click.option("--seed", type=int, help="Names the luck: the same seed gives the same run.")
@click.option("--weeks", type=int, help="How many weeks each world lives.")
@setting_option
@plugin_option
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
    from glasshouse.cli.progress import choose
    from glasshouse.engine.plugin_loader import find
    from glasshouse.results.output_folder import claim, default_folder
    from glasshouse.scenario.scenario import load

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
        show_page(report)


def _run(scenario: "Scenario", folder: Path, screen: "Screen", threads: int | None, resume: bool) -> tuple[str, Path]:
    """Runs the scenario under a screen and writes its report: the headline and the report's path."""
    report = folder / "report.html"
    with screen:
        from glasshouse.engine import run as engine
        from glasshouse.report.write import write_report

        result = engine.run(scenario, out=folder, resume=resume, threads=threads, progress=screen)
        last = scenario.run
        screen(Progress("report", last.replicates - 1, last.replicates, last.weeks, last.weeks, {}))
        write_report(result, report)
    return result.headline, report


@cli.command(short_help="Check SCENARIO without running it.")
@click.argument("scenario")
@setting_option
@plugin_option
def check(scenario: str, settings: tuple[str, ...], plugins: tuple[Path, ...]) -> None:
    """Check SCENARIO without running it: every fault at once, with its place and what to do."""
    from glasshouse.engine.plugin_loader import find
    from glasshouse.scenario.scenario import load

    found = load(scenario, settings, plugins=find(plugins))
    run = found.run
    changes = f", changed from week {run.change:,}" if run.change else ""
    ends = f", ended by week {run.until:,}" if run.until else ""
    click.echo(
        f"{found.name} is in order: {found.title}\n"
        f"{found.society.citizens:,} citizens, {run.weeks:,} weeks, the regime from week {run.start:,}{changes}{ends}, "
        f"replicates: {run.replicates:,}, seed {run.seed}."
    )


@cli.command(short_help="Print the JSON Schema of scenario files for editors.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else standard output.")
@plugin_option
def schema(out: Path | None, plugins: tuple[Path, ...]) -> None:
    """Print the JSON Schema of scenario files, from which editors complete and check."""
    import json

    from glasshouse.engine.plugin_loader import find
    from glasshouse.model.mechanisms import CATALOGUE
    from glasshouse.model.plugin import in_week
    from glasshouse.scenario.json_schema import json_schema

    text = json.dumps(json_schema(in_week(CATALOGUE, find(plugins))), indent=2, ensure_ascii=False)
    if out is None:
        click.echo(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise StoringError(f"{out}: cannot be written ({error.strerror}). Name another file with --out.") from error
    click.echo(f"Wrote {out}. Name it in a scenario's first line: #:schema {out}")


@cli.command(name="list", short_help="List scenarios, mechanisms and measures.")
@plugin_option
def list_(plugins: tuple[Path, ...]) -> None:
    """List what there is: scenarios, mechanisms and measures, each with a line about it; plug-ins with where they are from."""
    from glasshouse.analysis.ai_act import relatedness as matrix
    from glasshouse.engine.plugin_loader import find
    from glasshouse.model.measures import CATALOGUE as MEASURES
    from glasshouse.model.mechanisms import CATALOGUE as MECHANISMS
    from glasshouse.model.plugin import in_week
    from glasshouse.scenario.scenario import library_names, load

    found = find(plugins)
    origins = {kind: f" [{one.label}]" for one in found for kind in (*one.mechanisms, *one.measures)}
    measures = (*MEASURES, *(measure for one in found for measure in one.measures))
    rows("Scenarios (glasshouse run NAME)", [(name, load(name).title) for name in library_names()])
    rows(
        "Mechanisms (tables of a scenario)",
        [(model.name, _summary(model) + origins.get(model, "")) for model in in_week(MECHANISMS, found)],
    )
    rows(
        "Measures (columns of a result)",
        [(one.name, f"{one.title} ({one.unit}){origins.get(one, '')}") for one in measures],
    )
    rows("Relatedness (glasshouse assess --relatedness NAME)", [(n, matrix.load(n).title) for n in matrix.names()])


def _summary(model: type) -> str:
    return (model.__doc__ or "").strip().split("\n")[0]


study.add_command(discover)
for command in (assess, calibrate, claims, decide, describe, did, lives, replicate, study, web):
    cli.add_command(command)
for command in REPORT_COMMANDS:
    study.add_command(command)


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

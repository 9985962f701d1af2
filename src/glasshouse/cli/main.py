"""The command line: translates arguments into calls of the public functions.

Everything heavy is imported inside the command that needs it, so that help is instant and the first message is printed
before libraries load. An error that Glasshouse explains is printed as a message, and its class gives the exit code.
"""

import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli.assess import assess
from glasshouse.cli.audit import audit
from glasshouse.cli.calibrate import calibrate
from glasshouse.cli.claims import claims, discover
from glasshouse.cli.completion import scenario_names
from glasshouse.cli.condition import condition
from glasshouse.cli.decide import decide
from glasshouse.cli.demo import demo
from glasshouse.cli.describe import describe
from glasshouse.cli.did import did
from glasshouse.cli.json_output import check_facts, json_option, list_facts, print_json
from glasshouse.cli.json_shapes import SHAPES
from glasshouse.cli.lesson import lesson
from glasshouse.cli.lives import lives
from glasshouse.cli.new import new
from glasshouse.cli.options import out_file, out_option, plugin_option, rows, setting_option
from glasshouse.cli.rank import rank
from glasshouse.cli.remedy import remedy
from glasshouse.cli.replicate import replicate
from glasshouse.cli.run import run
from glasshouse.cli.savings import savings
from glasshouse.cli.show_scenario import show_scenario
from glasshouse.cli.study import study
from glasshouse.cli.study_reports import REPORT_COMMANDS
from glasshouse.cli.web import web
from glasshouse.errors import GlasshouseError, GlasshouseWarning
from glasshouse.terminal import EscapingStream, escaped

if TYPE_CHECKING:
    from glasshouse.scenario.parameter_provenance import Value

STOPPED = 130
"""Exit code after Ctrl-C, as shells expect it."""

COMPLETION = "_GLASSHOUSE_COMPLETE"
"""The variable by which a shell asks for completions instead of running a command."""

OUT_OF_MEMORY = (
    "This machine has too little free memory for that. Take fewer citizens (--citizens), replicates or workers, or close "
    "other programs."
)


class ErrorHandlingGroup(click.Group):
    """Prints errors that Glasshouse explains as messages, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command; a failure that Glasshouse explains becomes a message and its exit code."""
        try:
            return super().invoke(ctx)
        except GlasshouseError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)
        except MemoryError:
            click.echo(OUT_OF_MEMORY, err=True)
            ctx.exit(GlasshouseError.exit_code)
        except KeyboardInterrupt:
            advice = f" {ctx.obj}" if ctx.obj else ""
            click.echo(f"\nStopped.{advice}", err=True)
            ctx.exit(STOPPED)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from glasshouse.results.provenance import version

        click.echo(f"glasshouse {version()}")
        ctx.exit()


def _log(ctx: click.Context, _: click.Parameter, level: str | None) -> None:
    """Writes what the package logs to standard error, until the command ends."""
    if level is None or ctx.resilient_parsing:
        return
    import logging

    logger, handler = logging.getLogger("glasshouse"), logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(level.upper())
    ctx.call_on_close(lambda: logger.removeHandler(handler))


@click.group(cls=ErrorHandlingGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    envvar="GLASSHOUSE_LOG_LEVEL",
    expose_value=False,
    callback=_log,
    help="Write log messages of this level and above to standard error.",
)
def cli() -> None:
    """Glasshouse: a laboratory for systems that track, score, list and sanction people.

    It simulates such a system on a synthetic population, with and without the system, and reports what differs.

    Begin with: glasshouse demo
    """


@cli.command(short_help="Check SCENARIO without running it.")
@click.argument("scenario", shell_complete=scenario_names)
@setting_option
@plugin_option
@json_option
def check(scenario: str, settings: tuple[str, ...], plugins: tuple[Path, ...], as_json: bool) -> None:
    """Check SCENARIO without running it: reports every fault at once, with its place and what to do.

    Levers that differ between the arms are listed with both values. Notes say what a valid scenario sets without any
    effect.
    """
    import glasshouse as gh
    from glasshouse.engine import size
    from glasshouse.engine.plugin_trial import interpret
    from glasshouse.report.document import joined
    from glasshouse.scenario.inert import inert
    from glasshouse.scenario.parameter_provenance import levers

    found = gh.load(scenario, settings, plugins=plugins)
    # What a run would refuse before its first week is refused here too.
    size.check(found)
    interpret(found)
    if as_json:
        print_json(check_facts(found))
        return
    when = found.run
    weeks = [f"{change.week:,}" for change in found.changes]
    changes = f", changed from week{'s' if len(weeks) > 1 else ''} {joined(weeks)}" if weeks else ""
    ends = f", ended by week {when.until:,}" if when.until else ""
    click.echo(
        f"{found.name} is valid: {found.title}\n"
        f"{found.society.citizens:,} citizens, {when.weeks:,} weeks, the regime from week {when.start:,}{changes}{ends}, "
        f"replicates: {when.replicates:,}, seed {when.seed}."
    )
    apart = [(name, v) for name, v in levers(found) if {v.reference} != {v.regime, *(one.value for one in v.changed)}]
    if apart:
        rows("Levers whose values differ between the arms:", [(name, _both_arms(value)) for name, value in apart])
    else:
        click.echo("No lever differs between the arms.")
    for sentence in inert(found):
        click.echo(f"Note: {sentence}")


def _both_arms(value: "Value") -> str:
    """A lever's values in words."""
    before = (value.regime, *(one.value for one in value.changed))
    pairs = zip(value.changed, before, strict=False)
    dated = [f", {one.value} from week {one.week:,}" for one, last in pairs if one.value != last]
    return f"{value.reference} in the reference, {value.regime} under the regime{''.join(dated)}"


@cli.command(short_help="Print the JSON Schema of scenario files for editors.")
@out_option("file to write; else standard output")
@click.option(
    "--of", "command", type=click.Choice(sorted(SHAPES)), help="Schema of what this command prints with --json."
)
@plugin_option
def schema(out: Path | None, command: str | None, plugins: tuple[Path, ...]) -> None:
    """Print the JSON Schema of scenario files, from which editors complete and check, or that of a command's JSON."""
    import json

    from glasshouse.engine.plugin_loader import find
    from glasshouse.model.mechanisms import CATALOGUE
    from glasshouse.model.optional import OPTIONAL
    from glasshouse.model.plugin import in_week
    from glasshouse.scenario.json_schema import json_schema
    from glasshouse.storage import write_atomic

    if command is None:
        found = json_schema(in_week(CATALOGUE, (*OPTIONAL, *find(plugins))))
    else:
        from pydantic import TypeAdapter

        found = TypeAdapter(SHAPES[command]).json_schema()
    text = json.dumps(found, indent=2, ensure_ascii=False)
    if out is None:
        click.echo(text)
        return
    target = out_file(out, f"{(command or 'scenario').replace(' ', '-')}.schema.json")
    write_atomic(target, text + "\n", "the schema", "Name another file with --out.")
    advice = f" Name it in a scenario's first line: #:schema {target}" if command is None else ""
    click.echo(f"Wrote {target}.{advice}")


@cli.command(name="list", short_help="List scenarios, mechanisms, measures and countries.")
@plugin_option
@json_option
def list_(plugins: tuple[Path, ...], as_json: bool) -> None:
    """List scenarios, mechanisms, measures and marginals with a line about each; those of plug-ins with their origin."""
    import glasshouse as gh
    from glasshouse.analysis.ai_act import relatedness as matrix
    from glasshouse.engine.plugin_loader import find
    from glasshouse.model.measures import CATALOGUE as MEASURES
    from glasshouse.model.mechanisms import CATALOGUE as MECHANISMS
    from glasshouse.model.optional import OPTIONAL
    from glasshouse.model.plugin import in_week
    from glasshouse.population import marginals_files as marginals

    found = (*OPTIONAL, *find(plugins))
    if as_json:
        print_json(list_facts(found))
        return
    origins = {kind: f" [{one.label}]" for one in found for kind in (*one.mechanisms, *one.measures)}
    measures = (*MEASURES, *(measure for one in found for measure in one.measures))
    rows("Scenarios (glasshouse run NAME)", [(name, gh.load(name).title) for name in gh.scenarios()])
    rows(
        "Mechanisms (tables of a scenario)",
        [(model.name, _summary(model) + origins.get(model, "")) for model in in_week(MECHANISMS, found)],
    )
    rows(
        "Measures (columns of a result)",
        [(one.name, f"{one.title} ({one.unit}){origins.get(one, '')}") for one in measures],
    )
    rows(
        "Marginals (glasshouse run SCENARIO --marginals NAME)",
        [(n, marginals.load(n).title) for n in marginals.names()],
    )
    rows("Relatedness (glasshouse assess --relatedness NAME)", [(n, matrix.load(n).title) for n in matrix.names()])


def _summary(model: type) -> str:
    return (model.__doc__ or "").strip().split("\n")[0]


study.add_command(discover)
for command in (
    assess,
    audit,
    calibrate,
    condition,
    claims,
    decide,
    demo,
    describe,
    did,
    lesson,
    lives,
    new,
    rank,
    remedy,
    replicate,
    run,
    savings,
    show_scenario,
    study,
    web,
):
    cli.add_command(command)
for command in REPORT_COMMANDS:
    study.add_command(command)


def main(entry: Callable[[], Any] = cli) -> None:
    """The entry point of the `glasshouse` command."""
    for stream in (sys.stdout, sys.stderr):
        # A character that a terminal or file cannot encode is escaped instead of raising an error.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if COMPLETION not in os.environ:  # click writes completions, shipped names, as bytes, which the stream refuses
        sys.stdout, sys.stderr = EscapingStream(sys.stdout), EscapingStream(sys.stderr)
    warnings.showwarning = _show_warning
    try:
        entry()
    except KeyboardInterrupt:
        # Only while libraries load, before a command has begun: there is nothing to resume.
        _end_at_once()
    except SystemExit as end:
        if end.code == STOPPED:
            _end_at_once()
        raise
    except BrokenPipeError:
        # The reader of the output has gone. What is left unwritten must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _show_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object, **__: object
) -> None:
    """Prints a warning of Glasshouse as a sentence, any other as Python does."""
    ours = issubclass(category, GlasshouseWarning)
    text = f"{message}\n" if ours else warnings.formatwarning(message, category, filename, lineno)
    click.echo(escaped(text), err=True, nl=False)


def _end_at_once() -> None:
    """Ends the process although a thread of it may still compile or step a week."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(STOPPED)


if __name__ == "__main__":
    main()

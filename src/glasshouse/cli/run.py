"""The command `glasshouse run`."""

import sys
from pathlib import Path
from typing import Unpack

import click

from glasshouse._api.options import RunOptions
from glasshouse.cli.completion import scenario_names
from glasshouse.cli.options import (
    announce,
    display_of,
    json_lines_option,
    language_option,
    out_folder,
    out_option,
    quiet_option,
    run_options,
    show_page,
)


@click.command()
@click.argument("scenario", shell_complete=scenario_names)
@run_options
@out_option("folder for results; else results/SCENARIO-seedSEED-DIGEST")
@click.option("--resume", is_flag=True, help="Continue the interrupted run in the folder.")
@click.option("--keep-checkpoints", is_flag=True, help="Keep the checkpoints when the run is complete.")
@click.option("--open/--no-open", "show", default=False, help="Open the report in the browser.")
@language_option
@quiet_option
@json_lines_option
@click.pass_context
def run(
    ctx: click.Context,
    scenario: str,
    settings: tuple[str, ...],
    out: Path | None,
    resume: bool,
    keep_checkpoints: bool,
    show: bool,
    language: str,
    quiet: bool,
    json_lines: bool,
    **options: Unpack[RunOptions],
) -> None:
    """Run SCENARIO, a shipped one's name or a file, and write a report."""
    from glasshouse.engine.progress import RunProgress, event

    if json_lines:
        event("preparing", {"scenario": click.format_filename(scenario)}, sys.stdout)
    else:
        announce(f"Preparing {click.format_filename(scenario)}", quiet)
    import glasshouse as gh
    from glasshouse._api.options import prepared
    from glasshouse.results.output_folder import default_folder

    loaded = prepared(scenario, settings, options)
    folder = out_folder(out or default_folder(loaded))
    ctx.find_root().obj = f"Finished weeks are kept in {folder}. The same command with --resume continues from there."
    with display_of(quiet, json_lines=json_lines) as shown:
        result = gh.run(
            loaded,
            out=folder,
            resume=resume,
            keep_checkpoints=keep_checkpoints,
            threads=options["threads"],
            progress=shown.show,
        )
        last = loaded.run
        shown.show(RunProgress("report", last.replicates - 1, last.replicates, last.weeks, last.weeks, {}))
        report = gh.write_report(result, folder / "report.html", language)
    if json_lines:
        facts = {"headline": result.headline, "certainty": result.certainty, "report": str(report)}
        event("result", facts, sys.stdout)
    else:
        click.echo(f"{result.headline}\n\n{result.certainty}\n\nReport: {report}")
    if show:
        show_page(report)

"""The command `glasshouse remedy`."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from glasshouse._api.options import RemedyOptions
from glasshouse.cli.completion import scenario_names
from glasshouse.cli.duration import of_runs
from glasshouse.cli.options import (
    announce,
    display_of,
    json_lines_option,
    language_option,
    out_folder,
    out_option,
    quiet_option,
    rows,
    run_options,
)

if TYPE_CHECKING:
    from glasshouse.analysis.remedies.report import RemedyReport


@click.command(short_help="Say what remedies for SCENARIO avert, and what waiting costs.")
@click.argument("scenario", shell_complete=scenario_names)
@run_options
@click.option(
    "--remedy",
    "remedies",
    multiple=True,
    metavar="NAME",
    help="What is done: stop, purge, release, or a safeguard such as notice, hearing, review; else the usual five.",
)
@click.option(
    "--at", multiple=True, type=float, metavar="MONTH", help="Month of the regime in which it begins; may be repeated."
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME",
    help="Harm that is averted; else adults restricted wrongly, and welfare lost.",
)
@click.option(
    "--share", type=float, help="Also find the smallest set of safeguards that removes this share of the first harm."
)
@click.option(
    "--safeguard", "safeguards", multiple=True, metavar="NAME", help="Safeguard that may be in a set; else all."
)
@click.option("--largest", type=int, help="Most safeguards in a set; 2 by default.")
@out_option("folder for the report; else results/SCENARIO-seedSEED-DIGEST-remedy")
@language_option
@quiet_option
@json_lines_option
def remedy(
    scenario: str,
    settings: tuple[str, ...],
    out: Path | None,
    quiet: bool,
    json_lines: bool,
    **options: Unpack[RemedyOptions],
) -> None:
    """Simulate SCENARIO without remedies and with each in each month, and compare the harm to people.

    A remedy ends the regime, deletes what is on file, or makes a safeguard complete, from a month of the regime on. All runs
    share their random numbers. Unless --citizens says otherwise, the population has at most 12,000 citizens.
    """
    quiet = quiet or json_lines
    announce(f"Preparing {click.format_filename(scenario)}", quiet)
    import glasshouse as gh
    from glasshouse._api.options import named, prepared
    from glasshouse.analysis.default_size import sized
    from glasshouse.analysis.remedies.plan import plan_of
    from glasshouse.results.output_folder import default_folder

    found = sized(prepared(scenario, settings, options), named(settings, options))
    usual = default_folder(found)
    folder = out_folder(out) if out else usual.with_name(f"{usual.name}-remedy")
    if not quiet:
        plan = plan_of(found, options)
        arms = 2 + len(plan.remedies) * len(plan.months) + (plan.sets.runs if plan.sets else 0)
        click.echo(of_runs(found, arms), err=True)
    with display_of(quiet, json_lines=json_lines) as shown:
        options["progress"] = shown.show
        report = gh.remedy(scenario, settings, out=folder, **options)
    if json_lines:
        return
    _show(report)
    click.echo(f"Report: {folder / 'remedy.html'}")


def _show(report: "RemedyReport") -> None:
    """Print what is averted of each harm, what waiting costs, and which safeguards are enough."""
    from glasshouse.report.remedy_words import added_text, averted_rows, delay_text, set_text

    for harm in report.plan.harms:
        rows(added_text(report, harm), averted_rows(report, harm))
        if delay_text(report, harm):
            click.echo(f"{delay_text(report, harm)}\n")
    if report.sets:
        click.echo(f"{set_text(report)}\n")

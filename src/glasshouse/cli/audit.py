"""The command `glasshouse audit`."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from glasshouse._api.options import AuditOptions
from glasshouse.cli.completion import scenario_names
from glasshouse.cli.duration import of_draws, of_runs
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
    from glasshouse.analysis.audit.report import AuditReport


@click.command(short_help="Score what auditors of SCENARIO would find against the truth.")
@click.argument("scenario", shell_complete=scenario_names)
@run_options
@click.option("--group", "groups", multiple=True, metavar="NAME", help="Group to ask about; else every declared one.")
@click.option("--cases", type=int, default=2_000, show_default=True, help="Cases that each auditor examines.")
@click.option(
    "--times",
    type=float,
    default=2.0,
    show_default=True,
    help="Difference to be found: so many times as often wrongly listed.",
)
@click.option(
    "--yardstick",
    type=click.Choice(["rule", "conduct", "law"]),
    default="rule",
    show_default=True,
    help="By what a listing is wrong.",
)
@click.option("--audits", type=int, default=10_000, show_default=True, help="Simulated audits by each method.")
@click.option("--draws", type=int, default=0, show_default=True, help="Draws from the priors over which to repeat all.")
@out_option("folder for the report; else results/SCENARIO-seedSEED-DIGEST-audit")
@language_option
@quiet_option
@json_lines_option
def audit(
    scenario: str,
    settings: tuple[str, ...],
    out: Path | None,
    quiet: bool,
    json_lines: bool,
    **options: Unpack[AuditOptions],
) -> None:
    """Let simulated auditors look at the last year of SCENARIO, and score what they find against the truth.

    Each auditor sees what a real one would: counts, files drawn by lot, complaints, answers. Asked is whether a group is
    wrongly listed more often than the rest. Unless --citizens says otherwise, the population has at most 12,000 citizens.
    """
    quiet = quiet or json_lines
    announce(f"Preparing {click.format_filename(scenario)}", quiet)
    import glasshouse as gh
    from glasshouse._api.options import named, prepared
    from glasshouse.analysis.default_size import sized
    from glasshouse.results.output_folder import default_folder

    found = sized(prepared(scenario, settings, options), named(settings, options))
    usual = default_folder(found)
    folder = out_folder(out) if out else usual.with_name(f"{usual.name}-audit")
    if not quiet:
        click.echo(of_runs(found, 1), err=True)
        if options.get("draws", 0) > 0:
            click.echo(f"For ranges over draws: {of_draws(found, 1, options['draws'])}", err=True)
    with display_of(quiet, json_lines=json_lines) as shown:
        options["progress"] = shown.show
        report = gh.audit(scenario, settings, out=folder, **options)
    if json_lines:
        return
    _show(report)
    click.echo(f"Report: {folder / 'audit.html'}\nA finding of an auditor is no verdict.")


def _show(report: "AuditReport") -> None:
    """Print the least requests and the methods that mislead, group by group."""
    from glasshouse.report.audit_words import misleading, request_text, truth_text

    for group in report.groups:
        asked = [(request_text(one), one.title) for one in report.requests if one.group == group.name]
        rows(f"{truth_text(group)}\nLeast request:", asked)
        click.echo(f"Misleading here: {misleading(report, group.name) or 'no method'}\n")

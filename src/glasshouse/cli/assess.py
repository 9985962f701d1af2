"""The command `glasshouse assess`."""

from pathlib import Path
from typing import Unpack

import click

from glasshouse._api.options import RunOptions
from glasshouse.cli.completion import relatedness_names, scenario_names
from glasshouse.cli.duration import of_runs
from glasshouse.cli.json_output import assess_facts, json_option, print_json
from glasshouse.cli.options import announce, display_of, out_folder, out_option, quiet_option, run_options

MINOR = 0.5
"""Harm in welfare-weeks up to which an act counts as minor, unless another is given."""


@click.command(short_help="Lay SCENARIO out by the elements of the EU's social-scoring rule.")
@click.argument("scenario", shell_complete=scenario_names)
@run_options
@click.option(
    "--relatedness",
    default="usual",
    metavar="NAME|FILE",
    shell_complete=relatedness_names,
    help="Which data bear on which decision.",
)
@click.option(
    "--minor", type=float, default=MINOR, metavar="WW", help="Harm up to which an act is minor (welfare-weeks)."
)
@out_option("folder for the sheet; else results/SCENARIO-seedSEED-DIGEST-sheet")
@quiet_option
@json_option
def assess(
    scenario: str,
    settings: tuple[str, ...],
    relatedness: str,
    minor: float,
    out: Path | None,
    quiet: bool,
    as_json: bool,
    **options: Unpack[RunOptions],
) -> None:
    """Lay SCENARIO out by the elements of Article 5(1)(c) of the EU AI Act: figures and assumptions, never a verdict.

    Unless --citizens says otherwise, the population has at most 12,000 citizens.
    """
    announce(f"Preparing {click.format_filename(scenario)}", quiet)
    import glasshouse as gh
    from glasshouse._api.options import named, prepared
    from glasshouse.analysis.ai_act import relatedness as matrix
    from glasshouse.analysis.ai_act.variants import arms_for
    from glasshouse.analysis.default_size import sized
    from glasshouse.results.output_folder import default_folder

    found = prepared(scenario, settings, options)
    sheet = sized(found, named(settings, options))
    folder = out_folder(out) if out else _folder(default_folder(sheet), relatedness, minor)
    if not quiet:
        click.echo(of_runs(sheet, len(arms_for(sheet, matrix.load(relatedness)))), err=True)
    with display_of(quiet) as shown:
        options["progress"] = shown.show
        evidence = gh.assess(scenario, settings, relatedness=relatedness, minor=minor, out=folder, **options)
    if as_json:
        print_json(assess_facts(evidence, folder / "evidence.html"))
        return
    click.echo(f"Evidence sheet: {folder / 'evidence.html'}\nIt lays out evidence and gives no verdict.")


def _folder(usual: Path, relatedness: str, minor: float) -> Path:
    """The default folder of a sheet, named after all that makes a sheet another one."""
    parts = [usual.name, "sheet"]
    if relatedness != "usual":
        parts.append(Path(relatedness).stem)
    if minor != MINOR:
        parts.append(f"minor{minor:g}")
    return usual.with_name("-".join(parts))

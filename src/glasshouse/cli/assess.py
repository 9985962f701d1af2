"""The command `glasshouse assess`."""

from pathlib import Path
from typing import Unpack

import click

from glasshouse._api.options import RunOptions
from glasshouse.cli.options import announce, display_of, quiet_option, run_options


@click.command(short_help="Lay SCENARIO out by the elements of the EU's social-scoring rule.")
@click.argument("scenario")
@run_options
@click.option("--relatedness", default="usual", metavar="FILE.toml", help="Which data bear on which decision.")
@click.option(
    "--minor", type=float, default=0.5, metavar="WW", help="Harm up to which an act is minor (welfare-weeks)."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the sheet; else results/SCENARIO-seedSEED-sheet."
)
@quiet_option
def assess(
    scenario: str,
    settings: tuple[str, ...],
    relatedness: str,
    minor: float,
    out: Path | None,
    quiet: bool,
    **options: Unpack[RunOptions],
) -> None:
    """Lay SCENARIO out by the elements of Article 5(1)(c) of the EU AI Act: figures and assumptions, never a verdict.

    Unless --citizens says otherwise, the population has at most 12,000 citizens.
    """
    announce(f"Preparing {click.format_filename(scenario)}", quiet)
    import glasshouse as gh
    from glasshouse._api.options import prepared
    from glasshouse.results.output_folder import default_folder

    folder = out
    if folder is None:
        usual = default_folder(prepared(scenario, settings, options))
        folder = usual.with_name(f"{usual.name}-sheet")
    with display_of(quiet) as shown:
        options["progress"] = shown.run
        gh.assess(scenario, settings, relatedness=relatedness, minor=minor, out=folder, **options)
    click.echo(f"Evidence sheet: {folder / 'evidence.html'}\nIt lays out evidence and gives no verdict.")

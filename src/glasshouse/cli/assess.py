"""The command `glasshouse assess`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Unpack

import click

from glasshouse._api.options import RightsOptions, RunOptions
from glasshouse.cli.completion import relatedness_names, scenario_names
from glasshouse.cli.duration import of_draws, of_runs
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
@click.option("--fria", is_flag=True, help="Give the figures of a fundamental-rights impact assessment as well.")
@click.option("--draws", type=int, help="With --fria: draws from the priors on which likelihoods rest; else 20.")
@click.option(
    "--mark",
    type=float,
    metavar="N",
    help="With --fria: people per 100,000 adults above which a harm counts for its likelihood; else 100.",
)
@out_option("folder for the sheet; else results/SCENARIO-seedSEED-DIGEST-sheet")
@quiet_option
@json_option
def assess(
    scenario: str,
    settings: tuple[str, ...],
    relatedness: str,
    minor: float,
    fria: bool,
    draws: int | None,
    mark: float | None,
    out: Path | None,
    quiet: bool,
    as_json: bool,
    **options: Unpack[RunOptions],
) -> None:
    """Lay SCENARIO out by the elements of Article 5(1)(c) of the EU AI Act: figures and assumptions, never a verdict.

    With --fria, the six inputs of a fundamental-rights impact assessment (Article 27) are written as well, as a page, as
    an office document and as JSON. Unless --citizens says otherwise, the population has at most 12,000 citizens.
    """
    asked: RightsOptions = {}
    if draws is not None:
        asked["draws"] = draws
    if mark is not None:
        asked["mark"] = mark
    if asked and not fria:
        raise click.UsageError(f"--{next(iter(asked))} is about an impact assessment. Add --fria.")
    announce(f"Preparing {click.format_filename(scenario)}", quiet)
    import glasshouse as gh
    from glasshouse._api.options import named, prepared
    from glasshouse.analysis.ai_act import relatedness as matrix
    from glasshouse.analysis.ai_act.variants import arms_for
    from glasshouse.analysis.default_size import sized
    from glasshouse.analysis.rights.assessment import DRAWS, OVERSIGHT
    from glasshouse.results.output_folder import default_folder

    found = prepared(scenario, settings, options)
    sheet = sized(found, named(settings, options))
    folder = out_folder(out) if out else _folder(default_folder(sheet), relatedness, minor, asked if fria else None)
    if not quiet:
        arms = len(arms_for(sheet, matrix.load(relatedness, sheet.declared.complete)))
        click.echo(of_runs(sheet, arms + (2 * (1 + len(OVERSIGHT)) if fria else 0)), err=True)
        if fria and asked.get("draws", DRAWS) > 0:
            click.echo(f"For likelihoods: {of_draws(sheet, 2, asked.get('draws', DRAWS))}", err=True)
    with display_of(quiet) as shown:
        if fria:
            wanted: RightsOptions = {**options, **asked, "progress": shown.show}
            assessed = gh.assess_rights(scenario, settings, relatedness=relatedness, minor=minor, out=folder, **wanted)
            evidence = assessed.evidence
        else:
            options["progress"] = shown.show
            evidence = gh.assess(scenario, settings, relatedness=relatedness, minor=minor, out=folder, **options)
    if as_json:
        print_json(assess_facts(evidence, folder / "evidence.html"))
        return
    click.echo(f"Evidence sheet: {folder / 'evidence.html'}\nIt lays out evidence and gives no verdict.")
    if fria:
        click.echo(f"Impact assessment: {folder / 'fria.html'}\n{_office_document(folder / 'fria.docx')}")


def _office_document(path: Path) -> str:
    """Where the office document is, or why there is none."""
    from glasshouse.report.office import NEEDED, available

    return f"To edit: {path}" if available() else NEEDED


def _folder(usual: Path, relatedness: str, minor: float, asked: Mapping[str, object] | None) -> Path:
    """The default folder of a sheet, named after all that makes a sheet another one."""
    parts = [usual.name, "sheet"]
    if relatedness != "usual":
        parts.append(Path(relatedness).stem)
    if minor != MINOR:
        parts.append(f"minor{minor:g}")
    if asked is not None:
        parts += ["fria", *(f"{key}{value}" for key, value in asked.items())]
    return usual.with_name("-".join(parts))

"""The command `glasshouse condition`."""

from pathlib import Path

import click

from glasshouse.cli.options import (
    display_of,
    language_option,
    out_file,
    out_option,
    plugin_option,
    quiet_option,
    rows,
    setting_option,
)
from glasshouse.cli.study import _processors, database_option, folder_option, workers_option


@click.command(short_help="Say what follows from counts that an authority disclosed.")
@click.argument("targets", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--study",
    "stored",
    metavar="NAME",
    help="Use the finished runs of this study, else those of the targets' own are made.",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME",
    help="Harm that follows; may be repeated. Else all that were kept.",
)
@click.option("--rival", metavar="NAME", help="Finished study of another model: which harm would tell the two apart.")
@click.option("--runs", type=int, help="Number of runs, approximately.")
@click.option("--seed", type=int, help="Random seed of design, replicates and drawn counts.")
@click.option(
    "--share",
    type=click.FloatRange(0.0, 1.0),
    default=0.0,
    help="Share of runs that are accepted; else by their number.",
)
@setting_option
@plugin_option
@folder_option
@database_option
@workers_option
@out_option("page to write; none without it")
@language_option
@quiet_option
def condition(
    targets: Path,
    stored: str | None,
    measures: tuple[str, ...],
    rival: str | None,
    runs: int | None,
    seed: int | None,
    share: float,
    settings: tuple[str, ...],
    plugins: tuple[Path, ...],
    folder: Path,
    url: str | None,
    workers: int | None,
    out: Path | None,
    language: str,
    quiet: bool,
) -> None:
    """Say which settings remain plausible, and which harms follow, given the counts in the file TARGETS.

    With finished runs (--study) it takes seconds. Counts below fifty and figures of the state are refused.
    """
    import glasshouse
    from glasshouse.report import condition_words

    with display_of(quiet) as shown:
        found = glasshouse.studies.condition(
            targets, settings, study=stored, measures=measures, share=share, rival=rival, runs=runs, seed=seed,
            folder=folder, database=url, workers=workers or _processors(), plugins=plugins,
            progress=None if quiet else shown.show,
        )  # fmt: skip
    click.echo(f"{found.targets.title}: {condition_words.sentence(found)}\n")
    outcomes = [condition_words.outcome_row(found, one) for one in found.outcomes]
    rows(
        "What follows, before and given the counts",
        [(f"{one[0]}, {one[1]}", f"{one[2]} → {one[3]}") for one in outcomes],
    )
    left = [condition_words.setting_row(found, one) for one in found.settings]
    rows("Settings, before and given the counts", [(one[0], f"{one[1]} → {one[2]}; learnt: {one[3]}") for one in left])
    click.echo(condition_words.trials_text(found))
    if found.rivals is not None:
        from glasshouse.report.rival_words import rival_rows, sentence

        told_apart = [(row[0], f"{row[1]} against {row[2]}; {row[3]} sd; {row[4]}") for row in rival_rows(found.rivals)]
        rows(f"\n{sentence(found.rivals)}", told_apart)
    for text in (*condition_words.warnings(found), condition_words.CANNOT[0]):
        click.echo(f"Note: {text}")
    if out is not None:
        page = out_file(out, f"{targets.stem}-condition.html")
        glasshouse.studies.write_report(found, page, language=language)
        click.echo(f"Page: {page}")

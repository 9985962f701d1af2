"""The command `glasshouse did`."""

from pathlib import Path

import click

from glasshouse.cli.options import rows


@click.command(short_help="Difference-in-differences on the roll-out of a result.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="Measure to study; else protest.")
@click.option("--event-study", "events", is_flag=True, help="Show the effect by weeks since adoption.")
def did(folder: Path, measures: tuple[str, ...], events: bool) -> None:
    """Difference-in-differences on the staggered roll-out of the result in FOLDER, beside the true effect.

    The estimates use the districts of the regime arm alone, as a field study would (needs pyfixest); the true effect comes
    from the same districts in the reference arm.
    """
    import glasshouse as gh
    from glasshouse.results.did import ESTIMATORS

    result = gh.open_result(folder)
    for measure in measures or ("protest",):
        study = result.did(measure)
        effects = [
            (f"field, {what}", f"{study.found(name)}; holds the truth in {study.covered(name)} of {study.replicates}; "
             f"on the reference arm, where nobody joins, {study.control(name)}")
            for name, what in ESTIMATORS.items()
        ]  # fmt: skip
        effects += [("truth, where joined", str(study.truth)), ("truth, still outside", str(study.spillover))]
        rows(f"{measure} ({study.unit}), effect of joining", effects)
        if events:
            by_week = [(f"{weeks:+5d}", f"{found}; truth {truth:.4g}") for weeks, found, truth in study.by_event()]
            rows("Weeks since joining", by_week)

"""The command `glasshouse calibrate`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from glasshouse.cli.options import display_of, out_file, out_option, plugin_option, setting_option
from glasshouse.cli.study import _processors, database_option, folder_option, workers_option

if TYPE_CHECKING:
    from glasshouse.analysis.calibration.identifiability import Identifiability
    from glasshouse.analysis.calibration.recovery import Recovery
    from glasshouse.analysis.calibration.result import Calibration, Method, TargetCheck

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="Fit a model's parameters to published aggregates.")
@click.argument("targets", type=FILE)
@click.option("--method", type=click.Choice(["abc", "fit", "sbi"]), default="abc", show_default=True,
              help="abc and sbi give a posterior, fit gives the nearest point.")  # fmt: skip
@click.option(
    "--study", "stored", metavar="NAME", help="Use the runs of this study instead of running the targets' own."
)
@click.option("--name", help="Name of the study of runs; else the targets file's name.")
@click.option("--runs", type=int, help="Number of runs, replicates included, approximately.")
@click.option("--replicates", type=int, help="Replicates at each point (different random seeds).")
@click.option("--seed", type=int, help="Random seed of design, replicates and posterior draws.")
@click.option(
    "--share",
    type=click.FloatRange(0.0, 1.0),
    default=0.0,
    help="Share of runs that abc accepts; else chosen by their number.",
)
@click.option("--checks", type=click.IntRange(0, 1000), default=40, show_default=True,
              help="Runs that test the result against all targets; 0 for none.")  # fmt: skip
@setting_option
@plugin_option
@folder_option
@database_option
@workers_option
@click.option("--draws", type=FILE, help="File for the draws of the posterior; else NAME-posterior.toml in the folder.")
@out_option("page to write; none without it")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def calibrate(
    ctx: click.Context,
    targets: Path,
    method: "Method",
    stored: str | None,
    name: str | None,
    runs: int | None,
    replicates: int | None,
    seed: int | None,
    share: float,
    checks: int,
    settings: tuple[str, ...],
    plugins: tuple[Path, ...],
    folder: Path,
    url: str | None,
    workers: int | None,
    draws: Path | None,
    out: Path | None,
    quiet: bool,
) -> None:
    """Fit parameters to the published aggregates of the file TARGETS, and test the result on those that it holds out.

    Finished runs are kept: the same command continues where it was interrupted.
    """
    import glasshouse

    ctx.find_root().obj = "Finished runs are kept. The same command continues from there."
    with display_of(quiet) as shown:
        found = glasshouse.studies.calibrate(
            targets, settings, method=method, study=stored, share=share, checks=checks, name=name, runs=runs,
            replicates=replicates, seed=seed, folder=folder, database=url, workers=workers or _processors(),
            plugins=plugins, progress=None if quiet else shown.show,
        )  # fmt: skip
    for line in lines(found):
        click.echo(line)
    if found.prior is not None:
        draws = draws or folder / f"{found.study}-posterior.toml"
        found.save(draws)
        click.echo(f"\nDraws for further studies: {draws}")
    if out is not None:
        page = out_file(out, f"{found.study}.html")
        glasshouse.studies.write_report(found, page)
        click.echo(f"Page: {page}")


def lines(found: "Calibration") -> list[str]:
    """What a calibration found, line by line: parameters, targets, warnings."""
    fitted = len(found.targets.fitted)
    output = [f"{found.targets.title}: {len(found.factors)} parameters, {fitted} figures fitted, "
            f"{len(found.targets.every) - fitted} held out ({found.method}, study {found.study})", ""]  # fmt: skip
    output += _parameters(found)
    if found.identifiability is not None:
        output += ["", *_pinned(found.identifiability)]
    output += ["", f"{'figure':<22} {'published':>12} {'before, 90 %':>22} {'after, 90 %':>22}"]
    output += [_line(one) for one in found.target_checks]
    if found.recovery is not None:
        output += ["", *_recovered(found.recovery)]
    return [*output, *(f"Note: {text}" for text in found.warnings)]


def _recovered(recovery: "Recovery") -> list[str]:
    """How often known truths were recovered, and how many trials were refused."""
    output = []
    if len(recovery.ranks):
        low, high = recovery.expected()
        covered = ", ".join(f"{share:.0%}" for share in recovery.covered())
        output = [f"Of {len(recovery.ranks)} known truths the 90 % intervals covered {covered} "
                f"({low:.0%} to {high:.0%} if they are right)."]  # fmt: skip
    dropped = f"{recovery.refused} more known truths were refused" if recovery.refused else "No known truth was refused"
    return [*output, f"{dropped} as out of reach of the runs (of right ones {recovery.allowed:.1%} are, at most)."]


def _pinned(known: "Identifiability") -> list[str]:
    """Which parameters the figures pin down, and which only together."""
    output = []
    for kind in ("on both sides", "on one side", "not"):
        keys = [factor.key for place, factor in enumerate(known.factors) if known.kind(place) == kind]
        if keys:
            output.append(f"{'Not pinned down' if kind == 'not' else f'Pinned down {kind}'}: {', '.join(keys)}.")
    return output + [f"Pinned down together: {text}." for text in known.combinations()]


def _parameters(found: "Calibration") -> list[str]:
    if found.best is not None:
        from glasshouse.scenario.toml_text import toml_value

        settings = found.best.settings
        distance = found.best.distances[found.best.best]
        return [f"Nearest of {len(found.best.points)} points, {distance:.2f} standard errors off on the root mean square:",
                *(f"  {key} = {toml_value(value)}" for key, value in settings.items())]  # fmt: skip
    assert found.posterior is not None
    low, middle, high = found.posterior.quantiles((0.05, 0.5, 0.95))
    output = [f"{'parameter':<28} {'before':>18} {'after, 90 %':>26}"]
    for number, factor in enumerate(found.factors):
        ends = (0.0, len(factor.values) - 1.0) if factor.values else (factor.low, factor.high)
        after = f"{middle[number]:.3g} ({low[number]:.3g} to {high[number]:.3g})"
        output.append(f"{factor.key:<28} {f'{ends[0]:.3g} to {ends[1]:.3g}':>18} {after:>26}")
    return [*output, f"{found.posterior.effective:.0f} effective draws from {len(found.posterior.accepted)} runs."]


def _line(one: "TargetCheck") -> str:
    def span(ends: tuple[float, float]) -> str:
        return f"{ends[0]:.4g} to {ends[1]:.4g}" if ends[0] == ends[0] else "-"

    use = "fitted" if one.target.fitted else "held out"
    verdict = "" if one.mean != one.mean else ", agrees" if one.agrees else f", off by {abs(one.apart):.1f} sd"
    return f"{one.target.name:<22} {one.target.figure:>12.4g} {span(one.before):>22} {span(one.after):>22}   {use}{verdict}"

"""Commands that study: lives, roll-out, model, evidence sheet, what decides between two regimes, and replications.

They are doors like `cli`, which gathers them; what several commands share stands here too.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

setting_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="TABLE.KEY=VALUE",
    help="Set any value, for instance run.weeks=52.",
)
"""Values of a scenario from the command line."""


plugin_option = click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Python file with mechanisms or measures of your own. It is run: name only what you trust.",
)
"""Files of the user's own that join a run."""


def show_page(page: Path) -> None:
    """Opens a page in the browser."""
    import webbrowser

    webbrowser.open(page.resolve().as_uri())


def rows(title: str, found: Sequence[tuple[str, str]]) -> None:
    """Prints names with a line about each, under a title."""
    click.echo(title)
    width = max((len(name) for name, _ in found), default=0)
    for name, text in found:
        click.echo(f"  {name:<{width}}  {text}")
    click.echo()


@click.command(short_help="Show lives of synthetic citizens in both worlds.")
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--citizen", type=int, help="Position of a citizen in the run's first society; else telling lives.")
@click.option("--kind", help="Only one kind of telling life, for instance most-wronged.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Page to write; else RESULT/lives….html.")
@click.option("--threads", type=click.IntRange(1, 4096), help="Processors to use; only the speed depends on it.")
@click.option("--open/--no-open", "show", default=False, help="Open the page in the browser.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def lives(
    result: Path, citizen: int | None, kind: str | None, out: Path | None, threads: int | None, show: bool, quiet: bool
) -> None:
    """Tell lives of synthetic citizens of RESULT, a run's folder, in both worlds side by side.

    None of these people exists. A run stores nothing about single citizens: its first society is run again.
    """
    if not quiet:
        click.echo(f"Following lives in {result}: its first society is run again …", err=True)
    from glasshouse.cli.progress import choose
    from glasshouse.engine.replay import lives as follow

    screen = choose(sys.stdout, sys.stderr, quiet=quiet, json_lines=False)
    with screen:
        found = follow(result, citizen=citizen, kind=kind, threads=threads, progress=screen)
    from glasshouse.report.write import write_lives

    which = [str(part) for part in ("lives", kind, citizen) if part is not None]
    page = out or result / f"{'-'.join(which)}.html"
    write_lives(found, page)
    click.echo(f"{found}\n\nPage: {page}")
    if show:
        show_page(page)


@click.command(short_help="Lay SCENARIO out by the elements of the EU's social-scoring rule.")
@click.argument("scenario")
@click.option("--citizens", type=int, help="How many people the society has; else the scenario's, at most 12,000.")
@click.option("--replicates", type=int, help="How many times to run it, each with other luck.")
@click.option("--seed", type=int, help="Names the luck: the same seed gives the same figures.")
@click.option("--weeks", type=int, help="How many weeks each world lives.")
@setting_option
@click.option("--relatedness", default="usual", metavar="FILE.toml", help="Which data bear on which decision.")
@click.option(
    "--minor", type=float, default=0.5, metavar="WW", help="Harm up to which an act is minor (welfare-weeks)."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the sheet; else results/SCENARIO-seedSEED-sheet."
)
@click.option("--threads", type=click.IntRange(1, 4096), help="Processors to use; only the speed depends on it.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def assess(
    scenario: str,
    citizens: int | None,
    replicates: int | None,
    seed: int | None,
    weeks: int | None,
    settings: tuple[str, ...],
    relatedness: str,
    minor: float,
    out: Path | None,
    threads: int | None,
    quiet: bool,
) -> None:
    """Lay SCENARIO out by the elements of Article 5(1)(c) of the EU AI Act: numbers and assumptions, never a verdict."""
    if not quiet:
        click.echo(f"Preparing {click.format_filename(scenario)} …", err=True)
    short = {"society.citizens": citizens, "run.replicates": replicates, "run.seed": seed, "run.weeks": weeks}
    given = (*settings, *(f"{key}={value}" for key, value in short.items() if value is not None))
    from glasshouse.analysis.ai_act import assessment
    from glasshouse.analysis.ai_act import relatedness as matrix
    from glasshouse.cli.progress import choose
    from glasshouse.results.output_folder import claim, default_folder
    from glasshouse.scenario.scenario import load

    ratings = matrix.load(relatedness)
    loaded = assessment.sized(load(scenario, given), [text.partition("=")[0].strip() for text in given])
    folder = out or default_folder(loaded).with_name(f"{default_folder(loaded).name}-sheet")
    claim(folder, loaded)
    with choose(sys.stdout, sys.stderr, quiet=quiet, json_lines=False) as screen:
        from glasshouse.report.write import write_evidence

        found = assessment.assess(loaded, ratings=ratings, minor=minor, threads=threads, progress=screen)
        found.save(folder)
        write_evidence(found, folder / "evidence.html")
    click.echo(f"Evidence sheet: {folder / 'evidence.html'}\nIt lays out evidence and gives no verdict.")


@click.command(short_help="Say which mechanisms decide between two scenarios.")
@click.argument("first")
@click.argument("second")
@click.option("--citizens", type=int, help="How many people the society has.")
@click.option("--replicates", type=int, help="How many times to run each, each with other luck.")
@setting_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Page to write; else in results/.")
@click.option("--threads", type=click.IntRange(1, 4096), help="Processors to use; only the speed depends on it.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def decide(
    first: str,
    second: str,
    citizens: int | None,
    replicates: int | None,
    settings: tuple[str, ...],
    out: Path | None,
    threads: int | None,
    quiet: bool,
) -> None:
    """Run FIRST and SECOND, which differ in their regimes alone, swap one mechanism's settings at a time, and write a
    page that says which of them decide.
    """
    short = {"society.citizens": citizens, "run.replicates": replicates}
    given = [f"{key}={value}" for key, value in short.items() if value is not None]
    from glasshouse.analysis import attribution
    from glasshouse.report.attribution import write_decision
    from glasshouse.scenario.scenario import load

    one, other = (load(name, (*settings, *given)) for name in (first, second))
    page = out or Path("results") / f"{one.name}-or-{other.name}.html"
    found = attribution.decide(
        one, other, threads=threads, tell=None if quiet else lambda text: click.echo(f"{text} …", err=True)
    )
    write_decision(found, page)
    click.echo(f"{found.sentence}\n\nPage: {page}")


@click.command(short_help="Describe the model that SCENARIO runs, after the ODD protocol.")
@click.argument("scenario")
@click.option("--against", metavar="OTHER", help="Tell only what differs from this scenario.")
@setting_option
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="FILE.html or FILE.md; else Markdown here."
)
def describe(scenario: str, against: str | None, settings: tuple[str, ...], out: Path | None) -> None:
    """Describe the model that SCENARIO runs, after the ODD protocol, from the declarations in the code.

    With --against OTHER, describe only what SCENARIO does otherwise than OTHER. Values given with --set go over SCENARIO.
    """
    from glasshouse.scenario.scenario import load

    found = load(scenario, settings)
    other = load(against) if against is not None else None
    from glasshouse.report.odd.delta import delta
    from glasshouse.report.odd.description import odd

    document = odd(found) if other is None else delta(found, other)
    if out is None:
        from glasshouse.report.document import markdown

        click.echo(markdown(document), nl=False)
        return
    from glasshouse.report.write import write_document

    write_document(document, out)
    click.echo(f"Wrote {out}.")


@click.command(short_help="Study the roll-out of a result as the field would.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="Measure to study; else protest.")
@click.option("--event-study", "events", is_flag=True, help="Tell the effect by time since joining.")
def did(folder: Path, measures: tuple[str, ...], events: bool) -> None:
    """Difference-in-differences on the roll-out of the result in FOLDER, beside the paired truth.

    Estimates from the districts of the regime world alone, as a study in the field would (needs pyfixest), next to what
    the laboratory knows from the same districts without the regime.
    """
    from glasshouse.engine.open_result import open_result
    from glasshouse.results.did import ESTIMATORS

    result = open_result(folder)
    for measure in measures or ("protest",):
        study = result.did(measure)
        told = [
            (f"field, {what}", f"{study.found(name)}; holds the truth in {study.covered(name)} of {study.replicates}")
            for name, what in ESTIMATORS.items()
        ]
        told += [("truth, where joined", str(study.truth)), ("truth, still outside", str(study.spillover))]
        rows(f"{measure} ({study.unit}), effect of joining", told)
        if events:
            by_week = [(f"{weeks:+5d}", f"{found}; truth {truth:.4g}") for weeks, found, truth in study.by_event()]
            rows("Weeks since joining", by_week)


@click.command(short_help="Reproduce published results.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="Simulate all of them, which takes some minutes.")
@click.option(
    "--seed", type=click.IntRange(0, 2**64 - 1), default=1, help="Random seed: the same gives the same figures."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("results/replications"),
              help="Folder for the pages; else results/replications.")  # fmt: skip
@click.option("--open/--no-open", "show", default=False, help="Open the pages in the browser.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def replicate(names: tuple[str, ...], everything: bool, seed: int, out: Path, show: bool, quiet: bool) -> None:
    """Simulate the published models NAME in the engine and show each published figure beside ours; without NAME, list them."""
    from glasshouse import replications

    if not names and not everything:
        rows("Replications (glasshouse replicate NAME)", [(one.name, one.title) for one in replications.CATALOGUE])
        return
    chosen = [replications.find(name) for name in names] if not everything else list(replications.CATALOGUE)
    from glasshouse.report.replication import band, ours, published, simulate, write

    for one in chosen:
        if not quiet:
            click.echo(f"Simulating {one.name}: {one.title} …", err=True)
        run = simulate(one, seed)
        told = [
            (f.target.name, f"{f.target.what}: published {published(f)}, ours {ours(f)}; {band(f)}: {f.verdict}")
            for f in run.figures
        ]
        rows(f"{one.title} ({one.name})", told)
        page = out / f"{one.name}.html"
        write(run, page)
        click.echo(f"{run.sentence}\n\nPage: {page}\n")
        if show:
            show_page(page)

"""The command `glasshouse replicate`."""

from pathlib import Path

import click

from glasshouse.cli.completion import replication_names
from glasshouse.cli.options import announce, out_folder, out_option, quiet_option, rows, show_page


@click.command(short_help="Reproduce published results.")
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=replication_names)
@click.option("--all", "everything", is_flag=True, help="Simulate all of them, which takes some minutes.")
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Python file with replications of your own. It is executed: name only files that you trust.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**64 - 1), default=1, help="Random seed: the same seed gives the same figures."
)
@out_option("folder for the pages, one for each model; else results/replications")
@click.option("--open/--no-open", "show", default=False, help="Open the pages in the browser.")
@quiet_option
def replicate(
    names: tuple[str, ...],
    everything: bool,
    plugins: tuple[Path, ...],
    seed: int,
    out: Path | None,
    show: bool,
    quiet: bool,
) -> None:
    """Simulate the published models NAME in the engine and compare each published figure with ours; without NAME, list them.

    With --plugin FILE and without NAME, simulate the replications that the file defines.
    """
    from glasshouse.replications.catalogue import CATALOGUE, find, from_files

    own = from_files(plugins)
    catalogue = (*CATALOGUE, *own)
    if not names and not everything and not own:
        rows("Replications (glasshouse replicate NAME)", [(one.name, one.title) for one in catalogue])
        return
    chosen = [find(name, catalogue) for name in names] or (catalogue if everything else own)
    from glasshouse.report.replication import band, ours, published, simulate, write

    folder = out_folder(out or Path("results/replications"))
    for one in chosen:
        announce(f"Simulating {one.name}: {one.title}", quiet)
        found = simulate(one, seed)
        lines = [
            (f.target.name, f"{f.target.what}: published {published(f)}, ours {ours(f)}; {band(f)}: {f.verdict}")
            for f in found.figures
        ]
        rows(f"{one.title} ({one.name})", lines)
        page = folder / f"{one.name}.html"
        write(found, page)
        click.echo(f"{found.sentence}\n\nPage: {page}\n")
        if show:
            show_page(page)

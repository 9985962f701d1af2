"""The command `glasshouse lives`."""

from pathlib import Path

import click

from glasshouse.cli.options import announce, display_of, out_file, out_option, quiet_option, show_page, threads_option


@click.command(short_help="Show life courses of synthetic citizens in both arms.")
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--citizen", type=int, help="Position of a citizen in the first replicate; else exemplary citizens.")
@click.option("--kind", help="Only one kind of exemplary life, for instance most-wronged.")
@out_option("page to write; else RESULT/lives….html")
@click.option("--open/--no-open", "show", default=False, help="Open the page in the browser.")
@threads_option
@quiet_option
def lives(
    result: Path, citizen: int | None, kind: str | None, out: Path | None, show: bool, threads: int | None, quiet: bool
) -> None:
    """Show life courses of synthetic citizens of RESULT, a run's folder, in both arms side by side.

    None of these people exists. A run stores nothing about single citizens: its first replicate is run again.
    """
    announce(f"Running the first replicate of {result} again", quiet)
    import glasshouse as gh

    with display_of(quiet) as shown:
        found = gh.lives(result, citizen=citizen, kind=kind, threads=threads, progress=shown.show)
    names = [str(part) for part in ("lives", kind, citizen) if part is not None]
    page = gh.write_report(found, out_file(out or result, f"{'-'.join(names)}.html"))
    click.echo(f"{found}\n\nPage: {page}")
    if show:
        show_page(page)

"""The command that opens the page: a door like `cli`, which gathers it."""

import webbrowser
from pathlib import Path

import click


@click.command(short_help="Open the page: see it, try it, show it.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at; one that others reach needs the token that is printed.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8642,
    show_default=True,
    help="Port to listen at; 0 takes a free one.",
)
@click.option("--name", "names", multiple=True, metavar="HOST", help="A name under which others reach this machine.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results/web"),
    show_default=True,
    help="Where runs started from the page are kept.",
)
@click.option(
    "--studies",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results/studies"),
    show_default=True,
    help="Folder of the studies to show.",
)
@click.option(
    "--database",
    envvar="GLASSHOUSE_STUDIES",
    metavar="URL",
    help="Their study database: a file, or postgresql+psycopg://…; else studies.db in the folder.",
)
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
def web(
    host: str,
    port: int,
    names: tuple[str, ...],
    folder: Path,
    studies: Path,
    database: str | None,
    show: bool,
) -> None:
    """Serve the page on this machine until Ctrl-C: a guided story, scenarios run live, and studies as they go on."""
    from glasshouse.web.server import Content, serve

    def tell(address: str) -> None:
        click.echo(f"The page is at {address} (Ctrl-C ends it).")
        if show:
            webbrowser.open(address)

    serve(host, port, names, Content(folder, studies, database), tell)

"""The command `glasshouse web`."""

from importlib import import_module
from pathlib import Path

import click

from glasshouse.errors import RunningError, install_command

LIBRARIES = ("starlette", "uvicorn", "babel")
"""What the extra `web` brings."""


@click.command(short_help="Serve the web interface on this machine.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. On one that other machines can reach, the printed address lets them in.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8642,
    show_default=True,
    help="Port to listen on; 0 chooses a free one.",
)
@click.option(
    "--name", "names", multiple=True, metavar="HOST", help="A host name under which others reach this machine."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results/web"),
    show_default=True,
    help="Folder for runs started from the web interface.",
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
    """Serve the web interface on this machine until Ctrl-C: a tutorial, a workbench for scenarios, and studies."""
    for name in LIBRARIES:
        try:
            import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            raise RunningError(
                f"The web interface needs {name}, which is not installed. Install it: {install_command('web')}"
            ) from None
    from glasshouse.web.server import Content, serve

    def tell(address: str, one_time_address: str) -> None:
        click.echo(f"The web interface is at {address} (Ctrl-C stops it).")
        if show:
            import webbrowser

            webbrowser.open(one_time_address)

    serve(host, port, names, Content(folder, studies, database), tell)

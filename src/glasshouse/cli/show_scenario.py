"""The command `glasshouse show-scenario`."""

from importlib.resources.abc import Traversable
from pathlib import Path

import click

from glasshouse.cli.completion import shipped_names
from glasshouse.cli.options import out_file, out_option
from glasshouse.errors import ScenarioError

FOLDERS = ("scenarios", "claims", "marginals", "relatedness")
"""Folders of the shipped files, by kind."""


@click.command(name="show-scenario", short_help="Print a shipped scenario, or another shipped file, to start from.")
@click.argument("name", shell_complete=shipped_names)
@out_option("file to write; else standard output")
def show_scenario(name: str, out: Path | None) -> None:
    """Print the shipped file NAME as it is, with its comments: a scenario, a claim, marginals or relatedness.

    Save it under a name of your own and change it. A scenario of a few lines is enough, too: extends = "NAME", and below it
    what differs.
    """
    from glasshouse.storage import write_atomic

    text = _found(name).read_text(encoding="utf-8")
    if out is None:
        click.echo(text, nl=False)
        return
    target = out_file(out, f"{Path(name).name}.toml")
    write_atomic(target, text, "the file")
    click.echo(f"Wrote {target}.")


def _found(name: str) -> Traversable:
    """The shipped file of a name."""
    from importlib.resources import files

    from glasshouse.scenario.messages import nearest, shown_word

    every = {one: file for kind in FOLDERS for one, file in _below(files("glasshouse") / "library" / kind, "")}
    if name not in every:
        raise ScenarioError(
            f"no shipped file is called {shown_word(name)}.{nearest(name, every)} `glasshouse list` and `glasshouse claims` "
            "list their names."
        )
    return every[name]


def _below(folder: Traversable, under: str) -> list[tuple[str, Traversable]]:
    """Names and files of a folder and the folders in it."""
    found = []
    for one in folder.iterdir():
        if one.name.endswith(".toml"):
            found.append((under + one.name.removesuffix(".toml"), one))
        elif one.is_dir():
            found += _below(one, f"{under}{one.name}/")
    return found

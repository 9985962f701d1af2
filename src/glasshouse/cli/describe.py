"""The command `glasshouse describe`."""

from pathlib import Path

import click

from glasshouse.cli.options import plugin_option, setting_option


@click.command(short_help="Describe the model that SCENARIO runs, after the ODD protocol.")
@click.argument("scenario")
@click.option("--against", metavar="OTHER", help="Describe only what differs from this scenario.")
@setting_option
@plugin_option
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="FILE.html or FILE.md; else Markdown here."
)
def describe(
    scenario: str, against: str | None, settings: tuple[str, ...], plugins: tuple[Path, ...], out: Path | None
) -> None:
    """Describe the model that SCENARIO runs, after the ODD protocol, from the declarations in the code.

    With --against OTHER, describe only what SCENARIO does differently. Values given with --set apply to SCENARIO.
    """
    import glasshouse as gh

    other = None if against is None else gh.load(against, plugins=plugins)
    text = gh.describe(gh.load(scenario, settings, plugins=plugins), other, out=out)
    click.echo(text if out is None else f"Wrote {out}.", nl=out is not None)

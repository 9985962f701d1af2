"""The command `glasshouse describe`."""

from pathlib import Path

import click

from glasshouse.cli.completion import scenario_names
from glasshouse.cli.options import out_file, out_option, plugin_option, setting_option


@click.command(short_help="Describe the model that SCENARIO runs, after the ODD protocol.")
@click.argument("scenario", shell_complete=scenario_names)
@click.option("--against", metavar="OTHER", help="Describe only what differs from this scenario.")
@setting_option
@plugin_option
@out_option("page to write, HTML or Markdown; else Markdown on standard output")
def describe(
    scenario: str, against: str | None, settings: tuple[str, ...], plugins: tuple[Path, ...], out: Path | None
) -> None:
    """Describe the model that SCENARIO runs, after the ODD protocol, from the declarations in the code.

    With --against OTHER, describe only what SCENARIO does differently. Values given with --set apply to SCENARIO.
    """
    import glasshouse as gh

    if out is not None:
        out = out_file(out, f"{Path(scenario).stem}.html")
    other = None if against is None else gh.load(against, plugins=plugins)
    text = gh.describe(gh.load(scenario, settings, plugins=plugins), other, out=out)
    click.echo(text if out is None else f"Wrote {out}.", nl=out is not None)

"""The command `glasshouse demo`."""

from pathlib import Path

import click

from glasshouse.cli.options import quiet_option
from glasshouse.cli.run import run

SCENARIO, CITIZENS, REPLICATES = "town", 2_000, 4
"""What is run: large enough for intervals, small enough for half a minute."""

NEXT = """
Next:
  glasshouse run social-governance    the main scenario: 100,000 citizens, thirteen years
  glasshouse show-scenario town       the file of the scenario that you have just run, to start from
  glasshouse web --open               the same in the browser, with a tutorial"""


@click.command(short_help="Run a small scenario in half a minute, to see what comes out.")
@click.option("--open/--no-open", "show", default=False, help="Open the report in the browser.")
@quiet_option
@click.pass_context
def demo(ctx: click.Context, show: bool, quiet: bool) -> None:
    """Run the scenario “town” with 2,000 citizens and four replicates, and write its report to results/demo.

    It takes half a minute on two processors; the first time a minute more, in which the model is compiled.
    """
    ctx.invoke(
        run,
        scenario=SCENARIO,
        settings=(),
        citizens=CITIZENS,
        replicates=REPLICATES,
        out=Path("results/demo"),
        show=show,
        quiet=quiet,
    )
    click.echo(NEXT)

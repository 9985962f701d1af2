"""The command `glasshouse lesson`."""

from pathlib import Path

import click

from glasshouse.cli.options import out_file, out_option


@click.command(short_help="Write a lesson of 45 minutes as one page for the classroom.")
@click.argument("name", default="student-grants")
@click.option(
    "--language", type=click.Choice(["en", "de"]), default="en", show_default=True, help="Language of the page."
)
@out_option("page to write; else lesson-NAME-LANGUAGE.html")
def lesson(name: str, language: str, out: Path | None) -> None:
    """Write the lesson NAME as one HTML file that needs no network and starts no simulation.

    Pupils guess a figure, play the office, see what was published beside what the model shows, and audit. A part is for teachers.
    """
    from glasshouse.report.lesson import write_lesson

    usual = f"lesson-{name}-{language}.html"
    page = Path(usual) if out is None else out_file(out, usual)
    write_lesson(name, page, language)
    click.echo(f"Page: {page}")

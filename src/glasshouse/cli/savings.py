"""The command `glasshouse savings`."""

from pathlib import Path

import click

from glasshouse.cli.options import language_option, out_folder, out_option, rows


@click.command(short_help="Keep the ledger of a result: promised against real savings.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--price",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A price over its default, such as case=450; may be repeated.",
)
@out_option("folder for the page and the tables; else the folder of the result")
@language_option
def savings(folder: Path, given: tuple[str, ...], out: Path | None, language: str) -> None:
    """Keep the ledger of the result in FOLDER: what was promised, found, collected, refunded and spent, by month.

    The scenario must screen and investigate recipients, as elsewhere/benefit-screening does. Prices are assumptions.
    """
    import glasshouse as gh
    from glasshouse.report import savings_words

    prices = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            prices[name] = float(value)
        except ValueError:
            raise click.BadParameter(f"{text} is no price. Write NAME=VALUE, such as case=450.") from None
    found = gh.savings(gh.open_result(folder), prices)
    click.echo(f"{savings_words.sentence(found)}\n")
    for title, lines in (
        ("For 1,000 recipients, regime; reference", savings_words.line_rows(found)),
        ("In no line", savings_words.memo_rows(found)),
    ):
        rows(title, [(one[0], f"{one[1]}; {one[2]}") for one in lines])
    place = out_folder(out) if out else folder
    found.save(place)
    gh.write_report(found, place / "savings.html", language)
    click.echo(f"Page: {place / 'savings.html'}")

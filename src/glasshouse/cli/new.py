"""The command `glasshouse new`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glasshouse.cli.options import out_file, out_option, rows
from glasshouse.errors import ScenarioError, StoringError

if TYPE_CHECKING:
    from glasshouse.scenario.new_regime.answers import Answer
    from glasshouse.scenario.new_regime.questions import Question

USUAL = "my-regime.toml"
"""Name of the file that is written."""

SCALED = 20_000
"""Citizens of the first run that is proposed."""


@click.command(short_help="Write a scenario of your own from fifteen questions.")
@click.option(
    "--answers",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="TOML file with a line for each answer, such as flagged = 1000. Nothing is asked.",
)
@click.option(
    "--answer",
    "given",
    multiple=True,
    metavar="NAME=ANSWER[; SOURCE]",
    help="One answer, such as “flagged=1,000; annual report”; may be repeated. Nothing is asked.",
)
@out_option(f"file to write; else {USUAL}")
def new(file: Path | None, given: tuple[str, ...], out: Path | None) -> None:
    """Write the scenario of a regime that scores people who draw a benefit, from fifteen questions in administrative words.

    Each answer may be followed by a semicolon and its source. Enter alone takes the default. The file says of every value
    whether it is an answer, solved from answers or assumed. With --answers or --answer, what is not answered takes its
    default.
    """
    target = out_file(out or Path(), USUAL)
    if target.exists():
        raise StoringError(f"{target} is there already. Name another file with --out.")
    from glasshouse.report import new_regime_words as words
    from glasshouse.scenario.new_regime.answers import from_file, read_all
    from glasshouse.scenario.new_regime.expected import expected
    from glasshouse.scenario.new_regime.writing import scenario_text
    from glasshouse.scenario.scenario import loads
    from glasshouse.storage import write_atomic

    if file is None and not given:
        answers = _asked()
    else:
        answers = read_all({**(from_file(file) if file else {}), **dict(map(_option, given))})
    figures = expected(answers)
    text = scenario_text(answers, figures)
    loads(text, target.name)
    write_atomic(target, text, "the scenario", "Name another file with --out.")
    click.echo(f"Wrote {target}.\n")
    rows("What a year under the regime should show, by the answers", words.expected_rows(answers, figures))
    if left := words.assumed(answers):
        click.echo(f"Not answered, so assumed: {', '.join(left)}. The file names every other assumption.")
    click.echo(f"Note: {words.CANNOT}\n")
    click.echo(
        f"Next:\n  glasshouse check {target}\n  glasshouse run {target} --citizens {SCALED} --open\n"
        f"  glasshouse study compare {target} elsewhere/benefit-screening --scenarios"
    )


def _option(text: str) -> tuple[str, tuple[str, str]]:
    name, equals, answer = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text} has no answer. Write NAME=ANSWER, such as flagged=1,000.")
    return name.strip(), (answer, "")


def _asked() -> "dict[str, Answer]":
    """Asks every question; an answer that is refused is asked again. Ctrl-C and the end of input write nothing."""
    from glasshouse.scenario.new_regime.questions import QUESTIONS

    click.echo(
        "Fifteen questions. Each answer may be followed by a semicolon and where it comes from. Ctrl-C writes nothing."
    )
    click.get_current_context().find_root().obj = "Nothing was written."
    try:
        return {question.key: _ask(number, question, len(QUESTIONS)) for number, question in enumerate(QUESTIONS, 1)}
    except click.Abort:
        raise KeyboardInterrupt from None


def _ask(number: int, question: "Question", total: int) -> "Answer":
    from glasshouse.population.marginals_files import names

    click.echo(f"\n{number} of {total}. {question.text}\n  {question.expected}")
    for choice, meaning in question.choices.items():
        click.echo(f"  {choice}: {meaning}")
    if question.kind == "country":
        click.echo(f"  {', '.join(names())}")
    if question.kind == "groups":
        from glasshouse.model.entities import GROUPS

        click.echo(f"  {', '.join(GROUPS)}")
    default = question.default or None
    return click.prompt(
        question.key, default=default or "", show_default=default is not None, value_proc=_reader(question)
    )


def _reader(question: "Question") -> "Callable[[str], Answer]":
    from glasshouse.scenario.new_regime.answers import Answer, read

    def convert(text: str) -> Answer:
        try:
            return read(question, "" if text == question.default else text)
        except ScenarioError as error:
            raise click.UsageError(str(error)) from None

    return convert

"""The expected figures of a regime from fifteen answers, in words."""

from collections.abc import Mapping

from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _
from glasshouse.scenario.new_regime.answers import Answer
from glasshouse.scenario.new_regime.expected import Expected
from glasshouse.scenario.new_regime.questions import QUESTIONS

CANNOT = _(
    "The model has no appeal against a finding of an investigation, and no sanction after one: it counts who is investigated, "
    "what is withheld meanwhile and what is found. The answer on the law is kept as text; figures by law rest on assumptions."
)
"""What the answers cannot say in this model."""


def expected_rows(answers: Mapping[str, Answer], figures: Expected, words: Words = ENGLISH) -> list[tuple[str, str]]:
    """What the scenario is expected to show in a year under the regime.

    Parameters
    ----------
    answers : mapping of str to Answer
        All answers, by key.
    figures : Expected
        What was solved from them.
    words : Words
        Messages of the reader's language.

    Returns
    -------
    list of (str, str)
        What it is, and the figure with what it means.
    """

    def people(number: float) -> str:
        return words.figures(f"{number:,.0f}")

    def share(part: float) -> str:
        return words.figures(f"{100.0 * part:.3g}") + " %"

    found = [
        (_("draw the benefit"), _("{people} people at any time; {share} of their claims are irregular"),
         {"people": people(figures.recipients), "share": share(figures.irregular)}),
        (_("flagged by the score"), _("{people} people a year, {wrong} of them wrongly ({share})"),
         {"people": people(figures.flagged), "wrong": people(figures.wrong), "share": share(1.0 - figures.right)}),
        (_("drawn by lot"), _("{people} people a year"), {"people": people(figures.by_lot)}),
        (_("quality of the score"), _("AUC {quality}; a score that tells nothing has 0.5"),
         {"quality": words.figures(f"{figures.quality:.2f}")}),
        (_("irregular claims that are flagged"), _("{share} of them in a year"), {"share": share(figures.caught)}),
    ]  # fmt: skip
    if answers["reviewer"].value == "checks":
        found.append((_("cases"), _("fewer than flags: what the official turns down follows from a run"), {}))
    else:
        each, wrong = figures.found()
        found += [
            (_("open cases about people with nothing irregular"), _("{people} at any time"),
             {"people": people(figures.open_for_nothing)}),
            (_("benefit withheld from them"), _("{weeks} full weeks a year"), {"weeks": people(figures.lost_weeks)}),
            (_("findings"), _("{people} a year, {wrong} of them wrong, with the assumed errors of investigations"),
             {"people": people(each), "wrong": people(wrong)}),
        ]  # fmt: skip
    return [(words.gettext(name), words.say(message, **given)) for name, message, given in found]


def assumed(answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The questions that took their default.

    Parameters
    ----------
    answers : mapping of str to Answer
        All answers, by key.

    Returns
    -------
    tuple of str
        Their keys, in the order of the questions.
    """
    return tuple(question.key for question in QUESTIONS if not answers[question.key].own)

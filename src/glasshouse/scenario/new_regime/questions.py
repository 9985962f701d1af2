"""The fifteen questions, which the terminal, the web interface and the documentation share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "country", "count", "share", "part", "groups", "choice"]
"""Sorts of answers: `part` is a number of people, or a share of the residents; `groups` are names of groups, or `nothing`."""

UNKNOWN = "unknown"
"""The answer of somebody who has no figure; the scenario then has an assumption."""

NOTHING = "nothing"
"""The answer where no group is meant."""


@dataclass(frozen=True)
class Question:
    """A question about a regime.

    Parameters
    ----------
    key : str
        Name of the answer, in files and options.
    text : str
        The question.
    expected : str
        What an answer looks like.
    kind : Kind
        Sort of the answer.
    default : str
        The answer of somebody who gives none; empty where one is needed.
    choices : mapping of str to str
        Answers of a question with a closed list, and what each means.
    """

    key: str
    text: str
    expected: str
    kind: Kind
    default: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


QUESTIONS: tuple[Question, ...] = (
    Question("who", "Who is scored?", "A few words, for instance: people on social assistance.", "text"),
    Question(
        "country",
        "Which country's people are they most like?",
        "The name of shipped marginals. A file of your own goes into the finished scenario.",
        "country",
        "netherlands-2020s",
    ),
    Question("residents", "How many people live there?", "A number from 1,000 on, for instance 200,000.", "count"),
    Question(
        "recipients",
        "How many of them draw the benefit?",
        "A number, or a share of the residents, for instance 5 %.",
        "part",
    ),
    Question(
        "means_test",
        "Does the benefit depend on a low income?",
        "yes or no.",
        "choice",
        "yes",
        {"yes": "only people with a low income draw it", "no": "the income does not matter"},
    ),
    Question(
        "irregular",
        "How many of all claims are irregular?",
        "A share, best from a random sample of claims, for instance 5 %; or unknown.",
        "share",
        UNKNOWN,
    ),
    Question(
        "looked_at",
        "Which traits of people raise the score?",
        "Groups, separated by commas, or nothing.",
        "groups",
        NOTHING,
    ),
    Question("flagged", "How many people does the score flag in a year?", "A number, for instance 1,000.", "count"),
    Question(
        "right",
        "How many of the flags are right?",
        "A share: flagged people whose claim is irregular, for instance 20 %.",
        "share",
    ),
    Question(
        "by_lot",
        "How many people are drawn by lot in a year besides?",
        "A number, for instance 100; or 0.",
        "count",
        "0",
    ),
    Question(
        "reviewer",
        "Who reviews the flags before anything happens?",
        "One of the answers listed.",
        "choice",
        "nobody",
        {
            "nobody": "a case is opened about everybody who is flagged",
            "checks": "an official can turn down a flag",
            "chooses": "an official chooses whom to flag, with the score as one reason among others",
        },
    ),
    Question(
        "withheld",
        "How much of the benefit is withheld while a case is open?",
        "A share: 0 % goes on paying, 100 % stops the payment.",
        "share",
        "0 %",
    ),
    Question("weeks", "How many weeks does a case take?", "A number of weeks from 1 to 200.", "count", "8"),
    Question(
        "appeal",
        "How can people appeal?",
        "One of the answers listed.",
        "choice",
        "request",
        {
            "none": "there is no appeal",
            "request": "appeals are admitted, and not everybody is told",
            "notice": "everybody is told of the reason and can appeal",
        },
    ),
    Question(
        "law", "By what law?", "A few words, for instance a statute and its section; or unknown.", "text", UNKNOWN
    ),
)
"""The questions, in the order in which they are asked."""

BY_KEY: Mapping[str, Question] = {question.key: question for question in QUESTIONS}
"""The questions by the names of their answers."""

"""What an assessment under Article 27 of Regulation (EU) 2024/1689 asks, and the rights that harms touch, in our own words.

All wording of the law that pages and files show is in this module and in `annex`, so that it can be compared with the
official text, or replaced, in one place. Nothing here says whether a provision applies to a system.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Input:
    """One of the inputs that Article 27(1) names.

    Attributes
    ----------
    letter : str
        Its letter, `a` to `f`.
    title : str
        A heading.
    asks : str
        What it asks for.
    assessor : tuple of str
        What no simulation can say, and the assessor fills in.
    """

    letter: str
    title: str
    asks: str
    assessor: tuple[str, ...]


INPUTS = (
    Input(
        "a",
        "Process in which the system is used",
        "A description of the deployer's processes in which the system will be used in line with its intended purpose.",
        (
            "Intended purpose, and what the provider's instructions for use say",
            "Basis in law, and the decision that the output leads to",
            "Whether the real process is the one that is modelled here, and where it differs",
        ),
    ),
    Input(
        "b",
        "Period and frequency of use",
        "The period of time within which the system is intended to be used, and how often.",
        (
            "First day of use, and day of the next review",
            "Retention rules for records, scores and decisions",
            "Date from which the obligation applies, and the day on which it was checked",
        ),
    ),
    Input(
        "c",
        "Categories of persons and groups likely to be affected",
        "The categories of natural persons and groups likely to be affected by the use in the specific context.",
        (
            "Groups that matter here and are not modelled, such as people with disabilities, and people in several groups",
            "Children, and others who are affected though no file is kept on them",
            "Who was consulted, when, and what they said",
        ),
    ),
    Input(
        "d",
        "Specific risks of harm",
        "The specific risks of harm likely to affect these persons or groups, given what the provider has disclosed.",
        (
            "How severe each harm is in the view of those affected",
            "Harms outside the model",
            "Which accuracy, in which groups, the provider has disclosed under Article 13",
        ),
    ),
    Input(
        "e",
        "Human oversight",
        "How measures of human oversight are implemented, according to the instructions for use.",
        (
            "Who oversees, with which training, authority and time for each case",
            "Whether staff who depart from the output have to justify it",
            "Who can stop the system, and how",
        ),
    ),
    Input(
        "f",
        "Measures if the risks materialise, governance and complaints",
        "The measures to be taken if the risks materialise, with the arrangements for internal governance and complaints.",
        (
            "Who decides to stop, and on which figure",
            "Where people complain, and how those affected are found and told",
            "Correction, refund and compensation",
        ),
    ),
)
"""The inputs (a) to (f) of Article 27(1), paraphrased."""

CHARTER: Mapping[str, str] = {
    "1": "human dignity",
    "7": "private and family life",
    "8": "protection of personal data",
    "8(2)": "protection of personal data: specified purposes",
    "11": "freedom of expression and information",
    "12": "freedom of assembly and association",
    "15": "freedom to choose an occupation and to work",
    "16": "freedom to conduct a business",
    "17": "property",
    "20": "equality before the law",
    "21": "non-discrimination",
    "24": "rights of the child",
    "34": "social security and social assistance",
    "41": "good administration",
    "45": "freedom of movement",
    "47": "effective remedy and fair trial",
    "48": "presumption of innocence",
    "49(3)": "proportionality of penalties",
    "50": "not to be punished twice for the same offence",
}
"""Articles of the Charter of Fundamental Rights of the European Union by number, with short titles."""

NOT_COUNTED: tuple[tuple[str, str], ...] = (
    ("10", "thought, conscience and religion: nobody in the model has a religion"),
    ("14", "education: not modelled as a decision"),
    ("23", "equality between women and men: counted where the scenario declares the group “woman”, otherwise not"),
    ("24", "rights of the child: children live in the households, and no decision about a child is modelled"),
    ("25", "the elderly: counted where the scenario declares the group “50 and over”, otherwise not"),
    ("26", "persons with disabilities: not modelled"),
)
"""Articles that are not, or not always, among the harms that are counted, with the reason."""

NOTICE = (
    "These figures support a fundamental-rights impact assessment and are no verdict. A high figure does not mean that a "
    "right is breached, and a low one clears nothing: that is for the assessor, authorities and courts to say, on the whole of "
    "the facts. Every figure comes from a model on a synthetic population, and no data of a real person were used."
)
"""What stands first in every format."""

CAVEATS = (
    "The wording of the Regulation and of the Charter is paraphrased; compare it with the official texts. From which day the "
    "obligation applies, and whether it applies here at all, is not said: dates have been amended, and Article 27 concerns "
    "certain deployers of certain systems only. Rules without any inference may be no AI system in the sense of Article "
    "3(1); the same questions can then be asked, under other instruments.",
    "The Charter binds Member States only when they implement Union law (Article 51), and Article 41 addresses the "
    "institutions of the Union; for authorities of Member States there is the general principle behind it.",
)
"""Paragraphs that stand after the notice."""

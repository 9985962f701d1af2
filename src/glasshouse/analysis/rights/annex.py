"""Points of Annex III to Regulation (EU) 2024/1689, as far as they concern scoring, and what figures can say of each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AnnexPoint:
    """One point of the annex.

    Attributes
    ----------
    number : str
        Its number.
    covers : str
        What it is about, paraphrased.
    counted : str
        What the figures of an assessment can tell about it.
    left : str
        What is left to the assessor.
    """

    number: str
    covers: str
    counted: str
    left: str


ANNEX = (
    AnnexPoint(
        "5(a)",
        "eligibility for essential public benefits and services: to grant, reduce, revoke or reclaim them",
        "all harms under (d); people who are entitled to a benefit and do not draw it",
        "whether the benefit or service is essential, and whether the system evaluates eligibility for it",
    ),
    AnnexPoint(
        "5(b)",
        "creditworthiness or a credit score of natural persons, except to detect financial fraud",
        "wrong records, how long they count, and restrictions in contexts other than the one of the debt",
        "whether the purpose is the detection of fraud",
    ),
    AnnexPoint(
        "4",
        "recruitment, promotion, dismissal, tasks and monitoring of workers",
        "restrictions of people through their firm alone",
        "hiring and grading as such are not modelled",
    ),
    AnnexPoint(
        "6",
        "law enforcement: risk of becoming a victim or an offender, profiling in investigations",
        "visits without cause; how often the forecast is right (forecast_precision, forecast_recall, forecast_lift)",
        "whether assessments rest solely on profiling or traits (see also Article 5(1)(d))",
    ),
    AnnexPoint(
        "1",
        "biometric identification, categorisation and emotion recognition",
        "wrong matches between registers, among the false records; nothing comes from images",
        "everything about sensors and images",
    ),
    AnnexPoint(
        "5(c), 5(d), 3, 7, 8",
        "insurance, emergency calls, education, migration, justice and elections",
        "nothing of its own; errors and their duration by analogy at most",
        "everything",
    ),
)
"""The points, those first that concern scores of people by authorities."""

"""The instruments of the page that read what is there: disclosed counts read a study, savings a run."""

from collections.abc import Mapping
from pathlib import Path

from glasshouse.analysis.savings.counts import SUMS
from glasshouse.analysis.savings.prices import Prices, prior_of
from glasshouse.errors import ScenarioError
from glasshouse.report.i18n import mark as _
from glasshouse.study.store.study_database import StudyDatabase
from glasshouse.web.instrument import Command, FormField, Instrument, Offer
from glasshouse.web.runs import RESULT
from glasshouse.web.studies import NEEDS

COUNTS = "counts.toml"
"""The file of disclosed counts in the folder of an answer."""

EXAMPLE = """title = "Two counts that an office disclosed"

[targets.investigated]
what = "investigations in two years"
expression = "(cases_model + cases_lot) / drawing * weeks"
window = [52, 156]
count = 7_400
of = 40_000
rounded = 100
reason = "rounded"
kind = "disclosed"
body = "an office that does not exist"
date = "2026-02-01"
reference = "request 17"

[targets.found_by_score]
what = "findings about people whom the score selected"
expression = "found_model / decided_model"
window = [52, 156]
count = 2_300
of = 6_500
reason = "counted once"
kind = "disclosed"
body = "an office that does not exist"
date = "2026-02-01"
reference = "request 17"
"""
"""Counts of an office that does not exist."""


class Condition(Instrument):
    """What follows from counts that an authority disclosed."""

    name = "condition"
    title = _("Disclosed counts")
    question = _(
        "Which settings remain plausible given counts that an authority disclosed, and which harms go with them?"
    )
    about = _(
        "Finished runs of a study are compared with counts of fifty people and more. It takes seconds. Enter no list of "
        "people and no identifier: a file has room for a few published numbers, and others are refused."
    )
    tutorial = "docs/disclosed-counts.md"
    page = "condition.html"
    empty = _("No study of this page has finished runs. Run one in a terminal first: glasshouse condition counts.toml")

    def fields(self, offer: Offer) -> tuple[FormField, ...]:
        """What it asks of its reader.

        Parameters
        ----------
        offer : Offer
            What it may work with.

        Returns
        -------
        tuple of FormField
            In order; empty where there is nothing to work with.
        """
        if not offer.place.there:
            return ()
        with StudyDatabase.open(offer.place.address, read_only=True) as database:
            names = [study.name for study in database.studies() if database.counts(study).done]
        if not names:
            return ()
        return (
            FormField(
                "study",
                _("Study with finished runs"),
                "choice",
                names[-1],
                choices=dict(zip(names, names, strict=True)),
            ),
            FormField(
                "counts",
                _("Counts that were disclosed, as TOML"),
                "text",
                EXAMPLE,
                _("The study must have recorded what the expressions name, over the same weeks."),
            ),
        )

    def command(self, given: Mapping[str, str], offer: Offer, folder: Path) -> Command:
        """The command that answers.

        Parameters
        ----------
        given : mapping of str to str
            The answers of the reader, by name of the field, without fault.
        offer : Offer
            What it may work with.
        folder : Path
            Folder of the answer.

        Returns
        -------
        Command
            The command.
        """
        at = [f"--database={offer.place.address}", f"--folder={offer.place.folder.absolute()}"]
        words = (f"--study={given['study']}", *at, "--quiet", "--out", str(folder / self.page))
        return Command(("condition", str(folder.parent / COUNTS), *words), NEEDS)


class Savings(Instrument):
    """What a system was to save, and what is left."""

    name = "savings"
    title = _("Savings")
    question = _("What was a system to save, what is left, and in which month does the balance turn?")
    about = _(
        "The ledger of a finished run: what was promised, found, collected, refunded and spent, by month. The simulation counts "
        "cases; every price is an assumption that you can replace."
    )
    tutorial = "docs/savings.md"
    page = "savings.html"
    files = ("savings.json", "ledger.parquet")
    empty = _(
        "No finished run of this page screens and investigates recipients. Run the scenario elsewhere/benefit-screening first."
    )

    def fields(self, offer: Offer) -> tuple[FormField, ...]:
        """What it asks of its reader.

        Parameters
        ----------
        offer : Offer
            What it may work with.

        Returns
        -------
        tuple of FormField
            In order; empty where there is nothing to work with.
        """
        wanted = {name for names in SUMS.values() for name in names}
        runs = {}
        for one in offer.runs.all():
            try:
                sums = (
                    {total.name for mechanism in one.scenario.mechanisms for total in mechanism.sums}
                    if one.done
                    else set()
                )
            except ScenarioError:
                continue  # of another version
            if wanted <= sums:
                runs[one.name] = f"{one.title} ({one.name})"
        if not runs:
            return ()
        prices = []
        for name, price in Prices.model_fields.items():
            extra = price.json_schema_extra if isinstance(price.json_schema_extra, dict) else {}
            low, high = prior_of(name)
            plausible = f"{low:g} – {high:g}"
            prices.append(
                FormField(
                    name,
                    str(price.description),
                    "number",
                    f"{price.default:g}",
                    plausible,
                    unit=str(extra.get("unit", "")),
                )
            )
        return (FormField("run", _("Finished run"), "choice", next(iter(runs)), choices=runs), *prices)

    def command(self, given: Mapping[str, str], offer: Offer, folder: Path) -> Command:
        """The command that answers.

        Parameters
        ----------
        given : mapping of str to str
            The answers of the reader, by name of the field, without fault.
        offer : Offer
            What it may work with.
        folder : Path
            Folder of the answer.

        Returns
        -------
        Command
            The command.
        """
        result = offer.runs.of(given["run"]).folder / RESULT
        # A price that is as it was is drawn from its range: only others were given.
        changed = [
            f"--price={name}={float(given[name]):g}"
            for name, price in Prices.model_fields.items()
            if float(given[name]) != price.default
        ]
        return Command(("savings", str(result.resolve()), *changed, "--out", str(folder)), NEEDS)

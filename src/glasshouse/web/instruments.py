"""The instruments of the page: audits and remedies, which simulate, and those that read what is there."""

from collections.abc import Mapping
from pathlib import Path

from glasshouse.analysis.remedies.harms import AVERTABLE
from glasshouse.analysis.remedies.harms import USUAL as HARMS
from glasshouse.analysis.remedies.remedy import KINDS
from glasshouse.analysis.remedies.remedy import USUAL as REMEDIES
from glasshouse.errors import ScenarioError
from glasshouse.model.entities import DECLARABLE, DEFAULT_GROUPS
from glasshouse.report.i18n import mark as _
from glasshouse.web.instrument import Command, FormField, Instrument, Offer, several, simulated, sized
from glasshouse.web.reading_instruments import Condition, Savings

EVERY_GROUP = "every declared group"
"""What stands for no group in particular."""


class Audit(Instrument):
    """Which request settles whether a group is wrongly listed more often than the rest."""

    name = "audit"
    title = _("Audit")
    question = _("Is a group wrongly listed more often than the rest, and which request would show it?")
    about = _(
        "Simulated auditors look at the last year of a regime with what real ones get: counts, files drawn by lot, complaints, "
        "answers. What they find is scored against the truth, which the simulation knows. A finding of an auditor is no verdict."
    )
    tutorial = "docs/audit.md"
    page = "audit.html"
    files = ("audit.json", "scores.parquet", "requests.parquet", "truth.parquet")

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
        groups = dict.fromkeys((EVERY_GROUP, *DEFAULT_GROUPS, *DECLARABLE))
        return (
            *simulated("social-governance", offer.limits),
            FormField(
                "group",
                _("Group that is asked about"),
                "choice",
                "migrant",
                _("Each scenario declares the groups that it has."),
                {name: name for name in groups},
            ),
            FormField(
                "yardstick",
                _("A listing is wrong by"),
                "choice",
                "rule",
                choices={
                    "rule": _("the regime's own rule"),
                    "conduct": _("what the person did"),
                    "law": _("the law"),
                },
            ),
            FormField("cases", _("Cases that each auditor examines"), "number", "2000", low=1, high=1_000_000),
            FormField(
                "times",
                _("Difference to be found"),
                "number",
                "2",
                unit=_("times as often"),
                low=1.01,
                high=100,
            ),
            FormField(
                "draws",
                _("Draws from the prior ranges"),
                "number",
                "0",
                _("Each repeats all of it with other plausible settings, and takes as long as one replicate."),
                high=200,
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
        draws = int(float(given["draws"]))
        arms = 2 + 2 * draws / float(given["replicates"])
        _scenario, size, needs = sized(given, offer, arms)
        group = [] if given["group"] == EVERY_GROUP else [f"--group={given['group']}"]
        asked = [f"--yardstick={given['yardstick']}", f"--cases={int(float(given['cases']))}"]
        asked += [f"--times={float(given['times'])}", f"--draws={draws}"]
        return Command(("audit", *size, *group, *asked, "--json-progress", "--out", str(folder)), needs)


class Remedy(Instrument):
    """What remedies avert, and what waiting costs."""

    name = "remedy"
    title = _("Remedy")
    question = _("What does a remedy avert that begins in a given month, and what does waiting cost?")
    about = _(
        "The same scenario is run without a remedy and once more for each remedy and month, with common random numbers. What is "
        "averted is the difference of two runs; harms are those to people alone."
    )
    tutorial = "docs/remedy.md"
    page = "remedy.html"
    files = ("remedy.json", "averted.parquet", "delays.parquet", "sets.parquet")

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
        return (
            *simulated("social-governance", offer.limits),
            FormField(
                "remedies",
                _("Remedies"),
                "choices",
                " ".join(REMEDIES),
                choices={name: kind.title for name, kind in KINDS.items()},
            ),
            FormField(
                "at",
                _("Months of the regime in which each begins"),
                "words",
                "3 12 24",
                _("Several numbers with blanks between them."),
            ),
            FormField(
                "measures",
                _("Harms"),
                "choices",
                " ".join(HARMS),
                choices={one.name: one.title for one in AVERTABLE},
            ),
            FormField(
                "share",
                _("Also find the smallest set of safeguards that removes"),
                "number",
                "",
                _("Leave it empty to look for none."),
                high=100,
                unit=_("% of the first harm"),
                optional=True,
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
        months = given["at"].split()
        wrong = [one for one in months if not one.isascii() or not one.replace(".", "", 1).isdigit()]
        if wrong:
            raise ScenarioError(
                f"at: “{wrong[0][:20]}” is no month. Give numbers with blanks between them, such as 3 12."
            )
        sets = [f"--share={float(given['share']) / 100}"] if given.get("share", "").strip() else []
        # Sets of up to two of all safeguards.
        arms = 2 + len(given["remedies"].split()) * len(months) + (60 if sets else 0)
        _scenario, size, needs = sized(given, offer, arms)
        asked = [
            *several("remedy", given["remedies"]),
            *several("at", given["at"]),
            *several("measure", given["measures"]),
        ]
        return Command(("remedy", *size, *asked, *sets, "--json-progress", "--out", str(folder)), 2 * needs)


INSTRUMENTS: Mapping[str, Instrument] = {one.name: one for one in (Audit(), Remedy(), Condition(), Savings())}
"""The instruments by name, in the order of the page."""

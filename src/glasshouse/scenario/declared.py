"""What a scenario declares beside what is always there, agencies and kinds of conduct, and the mechanisms for it."""

from dataclasses import dataclass, field

from glasshouse.model.agencies import THE_FOUR, Agencies
from glasshouse.model.agency_sizes import for_agencies
from glasshouse.model.agency_table import AgencyTable
from glasshouse.model.conduct_kind_table import ConductKindTable
from glasshouse.model.plugin import Catalogue
from glasshouse.scenario.messages import shown
from glasshouse.scenario.validation import Validator


@dataclass(frozen=True)
class Declared:
    """The agencies and kinds of conduct that a scenario declares.

    Attributes
    ----------
    agencies : AgencyTable
        The agencies beside the four.
    conduct_kinds : ConductKindTable
        The kinds of conduct beside the five.
    """

    agencies: AgencyTable = field(default_factory=AgencyTable)
    conduct_kinds: ConductKindTable = field(default_factory=ConductKindTable)

    @property
    def tables(self) -> tuple[AgencyTable | ConductKindTable, ...]:
        """The tables that declare something."""
        both: tuple[AgencyTable | ConductKindTable, ...] = (self.agencies, self.conduct_kinds)
        return tuple(table for table in both if table.further)

    @property
    def complete(self) -> Agencies:
        """All agencies, with all kinds of conduct."""
        return self.conduct_kinds.added_to(self.agencies.agencies())

    def mechanisms(self, catalogue: Catalogue) -> Catalogue:
        """The mechanisms as they are with what is declared.

        Parameters
        ----------
        catalogue : Catalogue
            The mechanisms as they are written.

        Returns
        -------
        Catalogue
            The same where nothing is declared, or else the derived ones.
        """
        agencies = self.complete
        return catalogue if agencies == THE_FOUR else tuple(for_agencies(model, agencies) for model in catalogue)


def declared(validator: Validator) -> Declared:
    """What a scenario declares.

    Parameters
    ----------
    validator : Validator
        Checks the settings, and takes a fault for each table that cannot be used.

    Returns
    -------
    Declared
        The tables; an empty one stands for one with a fault.
    """
    agencies = validator.table(AgencyTable, (AgencyTable.name,))
    kinds = validator.table(ConductKindTable, (ConductKindTable.name,)) or ConductKindTable()
    if agencies is None:
        return Declared()
    known = agencies.agencies().names
    unknown = [name for name in kinds.recorded_by if name not in known]
    if unknown:
        place = validator.settings.where((ConductKindTable.name,), key="recorded_by")
        text = f"recorded_by names {shown(unknown[0])}, which is no agency of this scenario. Choose among {', '.join(known)}."
        validator.faults.add(place, text)
        return Declared(agencies)
    return Declared(agencies, kinds)

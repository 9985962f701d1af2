"""A submodel that only counts."""

from glasshouse.model.component import Component


class Statistic(Component):
    """A component that reads anything and changes nothing that another component reads.

    It may keep columns, which only its own kernels read, and adds to sums. It shows no signals, has no inboxes and sends
    nothing, and no other component reads its columns or its sums: the engine refuses a model in which one does. So a
    statistic can be added or taken out, and nothing else changes.

    Examples
    --------
    >>> class Crowding(Statistic):
    ...     '''Adds up household sizes = members of the household, oneself included.'''
    ...
    ...     name = "crowding"
    ...     sums = (Sum("household_sizes", "persons", "household size added up over adults"),)
    ...
    ...     @staticmethod
    ...     def citizen(me, add):
    ...         if me.adult:
    ...             add("household_sizes", me.household_size)
    """

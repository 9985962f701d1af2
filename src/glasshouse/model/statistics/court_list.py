"""The books of the court list: who came on it, who paid and left, and how slowly lists let go."""

from typing import ClassVar

from glasshouse.model.agencies import AGENCIES, COURT, LEAVING, PENDING, RESTRICTED
from glasshouse.model.declarations import Column, Sum
from glasshouse.model.statistic import Statistic

OFF_LIST, ON_LIST, IN_DEBT = 0, 1, 2
"""States of a citizen in the books: not on the court list, on it, on it and in debt."""


class CourtList(Statistic):
    """Counts entries to and exits from the court list and debts paid by those on it, and waits of all lists.

    The court list of defaulters has the best published series of all lists (`facts.md` A4: entries, exits, compliance,
    refused trips). Weeks between reaching a threshold and the restriction, and between the end of a restriction and the
    end of its effect, are counted for all lists (`facts.md` A5.4, F21).
    """

    name: ClassVar[str] = "court_list"
    columns: ClassVar = (
        Column(
            "court_books",
            "u1",
            "state",
            "court list last week: 0 not on it, 1 on it, 2 on it and in debt",
            high=IN_DEBT,
        ),
    )
    sums: ClassVar = (
        Sum("court_listings", "listings", "citizens newly on the court list"),
        Sum("court_delistings", "listings", "citizens who left the court list"),
        Sum("court_listed", "citizen-weeks", "citizens on the court list"),
        Sum("court_complied", "debts", "debts paid by citizens on the court list"),
        Sum(
            "listing_waits", "context-weeks", "lists whose threshold is reached and whose restriction is still to come"
        ),
        Sum("delisting_waits", "context-weeks", "lists whose restriction has ended and whose effect has not"),
    )

    @staticmethod
    def citizen(me, add):
        if not me.busy and me.court_books == OFF_LIST:
            return
        if me.court_books == IN_DEBT and me.debt <= 0.0:
            add("court_complied")
        books = OFF_LIST
        if me.state[COURT] >= RESTRICTED:
            books = IN_DEBT if me.debt > 0.0 else ON_LIST
            add("court_listed")
            if me.court_books == OFF_LIST:
                add("court_listings")
        elif me.court_books > OFF_LIST:
            add("court_delistings")
        me.court_books = books
        for k in range(AGENCIES):
            if me.state[k] == PENDING:
                add("listing_waits")
            elif me.state[k] == LEAVING:
                add("delisting_waits")

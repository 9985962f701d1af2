"""Links between records, charges, lookups in a list and shared birthdays as mechanisms."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Inbox, Sum
from glasshouse.model.mechanism import Mechanism

LINKED, SLOPE, NOISE = 100_000, 2.0, 1.0
"""Records linked, and the line that they follow: y = SLOPE x + NOISE e, with R^2 = 0.8."""

POSTS, TRAVELLERS, LISTS, LISTED = 2048, 500, 8, 1000
"""Border posts to a list, travellers that each looks up, lists drawn, and entries of a list."""

ROOMS, GUESTS = 50_000, 23
"""Rooms, and the guests in each."""


class Link(Mechanism):
    """A person is linked to their own record with chance `right`, else to another person's (Neter et al. 1965)."""

    name: ClassVar[str] = "link"
    draws: ClassVar = ("right", "other")
    sums: ClassVar = tuple(Sum(name, "1", f"sum of {name}", 1 << 24) for name in ("x", "y", "xx", "xy", "yy"))

    @staticmethod
    def citizen(me, here, read, draw, add):
        # Adds up x of the person and y of the record.
        if not me.present:
            return
        record = me.index
        if draw("right") >= here.right:
            other = int(draw("other") * (here.persons - 1))
            record += other - me.local_index + (1 if other >= me.local_index else 0)
        y = SLOPE * read("x", record) + NOISE * read("noise", record)
        add("x", me.x)
        add("y", y)
        add("xx", me.x * me.x)
        add("xy", me.x * y)
        add("yy", y * y)


class Charge(Mechanism):
    """An offence, of chance `rate` a week, is charged to the person who did it with chance `right`, else to any other person."""

    name: ClassVar[str] = "charge"
    draws: ClassVar = ("offence", "right", "other")
    columns: ClassVar = (Column("offended", "u1", "yes or no", "offended last week"),)
    inboxes: ClassVar = (Inbox("charges", "charges", "charges of last week's offences"),)
    sums: ClassVar = (
        Sum("sanctioned", "persons", "who is charged at least once"),
        Sum("innocent", "persons", "who did nothing"),
        Sum("misdirected", "persons", "who is charged and did nothing"),
    )

    @staticmethod
    def citizen(me, here, draw, add, send, week):
        # Last week's charges, then this week's offence.
        if not me.present:
            return
        if week > 0:
            if me.charges > 0:
                add("sanctioned")
            if not me.offended:
                add("innocent")
                if me.charges > 0:
                    add("misdirected")
        me.offended = draw("offence") < here.rate
        if me.offended:
            charged = me.index
            if draw("right") >= here.right:
                other = int(draw("other") * (here.persons - 1))
                charged += other - me.local_index + (1 if other >= me.local_index else 0)
            send("charges", charged, 1)


class BorderPost(Mechanism):
    """Looks travellers up in a list in the order of identities, which agents with a local index below LISTED hold one each.

    A traveller has any of `identities` with equal chance, so that they are taken for somebody listed by accident alone.
    """

    name: ClassVar[str] = "border_post"
    draws: ClassVar = ("traveller",)
    sums: ClassVar = (Sum("taken", "travellers", "who is taken for somebody on the list"),)

    @staticmethod
    def citizen(me, here, read, draw, add):
        # Halves the list until one entry is left.
        first = me.index - me.local_index
        traveller = 0
        while me.present and me.local_index >= LISTED and traveller < TRAVELLERS:
            identity = int(draw("traveller", traveller) * here.identities)
            low = 0
            high = LISTED - 1
            while low < high:
                middle = (low + high) // 2
                if read("listed", first + middle) < identity:
                    low = middle + 1
                else:
                    high = middle
            if read("listed", first + low) == identity:
                add("taken")
            traveller += 1


class Room(Mechanism):
    """A room of GUESTS, each born on any day of 365."""

    name: ClassVar[str] = "room"
    draws: ClassVar = ("birthday",)
    columns: ClassVar = (Column("shared", "u1", "yes or no", "two guests share a birthday"),)

    @staticmethod
    def citizen(me, draw):
        # Compares every two guests.
        guest = 1
        while guest < GUESTS:
            day = int(365.0 * draw("birthday", guest))
            other = 0
            while other < guest:
                if int(365.0 * draw("birthday", other)) == day:
                    me.shared = True
                other += 1
            guest += 1

"""Who reads what of whom, told from kernels' sources, must be what the engine's kernels do."""

from typing import ClassVar

import pytest

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.records import columns_of
from glasshouse.model.component import KERNELS
from glasshouse.model.declarations import Column, Inbox, Signal, Sum
from glasshouse.model.entities import CITIZEN_TRAITS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.report.odd.dependencies import KINDS, Wiring, columns, heading, summary


class Early(Mechanism):
    """Comes first.

    And reads what is not yet there.
    """

    name: ClassVar[str] = "early"
    columns: ClassVar = (Column("dawn", "f4", "", ""), Column("rays", "f4", "", "", length=2))
    signals: ClassVar = (Signal("waves", ""),)
    sums: ClassVar = (Sum("waved", "", ""),)
    inboxes: ClassVar = (Inbox("mail", "", ""),)

    @staticmethod
    def citizen(me, here, contacts, add):
        me.waves = me.dusk > 0.5 and here.light > 0.0
        me.dawn = contacts.waves + me.mail
        me.rays[0] = 1.0
        add("waved")


class Late(Mechanism):
    """Comes last."""

    name: ClassVar[str] = "late"
    columns: ClassVar = (Column("dusk", "f4", "", ""),)
    district_columns: ClassVar = (Column("light", "f4", "", ""),)
    draws: ClassVar = ("colour",)

    @staticmethod
    def citizen(me, draw, send):
        me.dusk = me.dawn + me.rays[1] + me.income + draw("colour")
        send("mail", 0, 1)

    @staticmethod
    def district(here, total, add):
        here.light = total.waved
        add("waved")


def links(wiring: Wiring) -> set[tuple[str, str, str, str]]:
    return {
        (f"{a.reader.name}.{a.reader.kind}", f"{a.owner.name}.{a.owner.kind}", a.field, a.how) for a in wiring.links
    }


def test_every_way_of_reading_is_listed_with_its_owner_and_its_week() -> None:
    assert links(Wiring((Early, Late))) == {
        ("early.citizen", "late.citizen", "dusk", "last week"),
        ("early.citizen", "late.district", "light", "last week"),
        ("early.citizen", "early.citizen", "waves", "others"),
        ("early.citizen", "late.citizen", "mail", "sent"),
        ("late.citizen", "early.citizen", "dawn", "this week"),
        ("late.citizen", "early.citizen", "rays", "this week"),
        ("late.district", "early.citizen", "waved", "total"),
    }


def test_the_order_of_mechanisms_decides_what_is_of_this_week() -> None:
    turned = links(Wiring((Late, Early)))
    assert ("early.citizen", "late.citizen", "dusk", "this week") in turned
    assert ("late.citizen", "early.citizen", "dawn", "last week") in turned


def test_steps_go_kind_after_kind_in_the_order_of_the_mechanisms() -> None:
    wiring = Wiring((Early, Late))
    assert [(step.place, step.kind, step.name) for step in wiring.steps] == [
        (1, "citizen", "early"),
        (2, "citizen", "late"),
        (3, "district", "late"),
    ]
    assert [step.words for step in wiring.steps_of(Late)] == ["step 2, every citizen", "step 3, every district"]
    assert wiring.summary(wiring.steps[0]) == "Comes first"
    assert wiring.summary(wiring.steps[2]) == "keeps light"


def test_traits_are_kept_apart_from_what_changes() -> None:
    wiring = Wiring((Early, Late))
    assert wiring.traits_read(wiring.steps[1]) == (("citizen", "income"),)
    assert wiring.traits_read(wiring.steps[0]) == ()


def test_columns_of_one_kind_are_not_taken_for_another_s() -> None:
    """A district may keep a column that is called like a citizen's: the record decides."""

    class Homonym(Mechanism):
        """Keeps a dawn of its own."""

        name: ClassVar[str] = "homonym"
        district_columns: ClassVar = (Column("dawn", "f4", "", ""),)

        @staticmethod
        def district(here, p):
            here.dawn = 1.0

    class Reader(Mechanism):
        """Reads the district's."""

        name: ClassVar[str] = "reader"

        @staticmethod
        def citizen(me, here, add):
            add("waved", here.dawn)

    found = links(Wiring((Early, Late, Homonym, Reader)))
    assert ("reader.citizen", "homonym.district", "dawn", "last week") in found
    assert ("reader.citizen", "early.citizen", "dawn", "this week") not in found


@pytest.mark.parametrize("mechanism", CATALOGUE, ids=lambda m: m.name)
def test_effects_read_off_the_source_are_those_of_the_compiled_kernels(mechanism: type[Mechanism]) -> None:
    """The compiler's own reading of each kernel mentions the fields that are told here, and no other."""
    layout, wiring = ModelLayout(CATALOGUE), Wiring(CATALOGUE)
    for step in wiring.steps_of(mechanism):
        rewritten = next(found for owner, found in layout.kernels(step.kind) if owner is mechanism)
        known = layout.symbol_table(mechanism, step.kind).known
        told = {
            f"{record}_{field}"
            for record, name in step.effects.reads | step.effects.assigns
            for field in known[record]
            if field == name or (field.rpartition("_")[0] == name and field.rpartition("_")[2].isdigit())
        }
        looked = {name for name in rewritten.arguments if name == "looked" or name in told}
        held = {name for name in rewritten.arguments if not name.startswith("_") and name not in ("looked", "week")}
        crowds = {f"{crowd}_{signal.name}" for crowd in ("contacts", "household") for signal in layout.signals}
        assert held - crowds <= told, step
        assert looked - {"looked"} <= held, step


def test_every_kind_with_kernels_or_traits_is_known() -> None:
    assert set(KERNELS) <= set(KINDS)
    assert "firm" in KINDS
    for mechanism in CATALOGUE:
        for kind in KERNELS:
            assert columns(mechanism, kind) == columns_of(mechanism, kind)
    assert heading("centre") == "Centre"
    assert summary(Early) == "Comes first"
    assert CITIZEN_TRAITS[0].name == "workplace"

"""What a file of targets may contain. It is TOML, and checked as a whole."""

from typing import Literal

from glasshouse.model.declarations import Table, param


class Entry(Table):
    """One target as a file has it, under [targets.NAME]."""

    what: str = param(..., "What is counted, in words a reader knows.", unit="", source="design")
    measure: str = param("", "The measure that stands for it.", unit="", source="design")
    expression: str = param("", "Or what stands for it: + - * / over sums and weeks.", unit="", source="design")
    group: str = param("", "Group of citizens whose sums the expression takes.", unit="", source="design")
    arm: Literal["reference", "regime", "effect"] = param("regime", "Whose figure it is.", unit="", source="design")
    window: tuple[int, int] = param(
        ..., "Weeks of the run, [first, before which it ends].", unit="weeks", source="design"
    )
    over: tuple[int, ...] = param(
        (), "Weeks whose figure it is divided by, for a growth.", unit="weeks", source="design"
    )
    figure: float = param(0.0, "What was published: one number.", unit="", source="design")
    count: int = param(0, "Or the count that was disclosed.", unit="", bounds=(0, 10**12), source="design")
    of: int = param(0, "Of a count how many it is counted among.", unit="", bounds=(0, 10**12), source="design")
    among: str = param("", "Or the target whose count it is counted among.", unit="", source="design")
    rounded: int = param(1, "To which multiple a count is rounded.", unit="", bounds=(1, 10**9), source="design")
    error: float = param(0.0, "Its standard error.", unit="", bounds=(0, 1e30), source="design")
    range: tuple[float, ...] = param((), "Or the range in which it lies, 95 % sure.", unit="", source="design")
    shared: str = param(
        "",
        "Name of a relative error that targets have in common: all too high or all too low.",
        unit="",
        source="design",
    )
    reason: str = param(..., "Why it is no more certain than that.", unit="", source="design")
    unit: str = param("share", "What the figure is in.", unit="", source="design")
    use: Literal["fitted", "held out"] = param("fitted", "Fitted to, or held out.", unit="", source="design")
    published: str = param("", "Its name in the shipped list of published figures.", unit="", source="design")
    kind: Literal["published", "disclosed"] = param(
        "published", "Published by itself, or disclosed by an authority on request.", unit="", source="design"
    )
    year: int = param(0, "Year in which it was published.", unit="year", bounds=(0, 2200), source="design")
    publisher: str = param("", "Who published it.", unit="", source="design")
    address: str = param("", "Where it can be read: https://… or doi:….", unit="", source="design")
    body: str = param("", "Of a disclosed figure the authority.", unit="", source="design")
    date: str = param("", "Of a disclosed figure the day of the answer, as 2026-11-30.", unit="", source="design")
    reference: str = param("", "Of a disclosed figure the number of the request or answer.", unit="", source="design")


class Heading(Table):
    """What stands before the targets of a file."""

    title: str = param(..., "What is calibrated, in a line.", unit="", source="design")
    about: str = param("", "More about it.", unit="", source="design")
    study: str = param("", "The study file, or scenario, whose factors are fitted.", unit="", source="design")

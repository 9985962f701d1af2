"""A life in plain words: who it is, where the two worlds part, and what each of them brings."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from glasshouse.model.agencies import AGENCIES, BREACH_NAMES, CONTEXT_NAMES
from glasshouse.results.life_course import Flags, Life, Person, Trajectory, any_of, silenced
from glasshouse.results.totals import YEAR

UNREAL = "This person does not exist."
"""What every page that tells a life says first."""

SCHOOLING = ("no schooling", "primary schooling", "lower secondary schooling", "upper secondary schooling", "college")
CONTEXTS = tuple(name.partition(" and ")[0] for name in CONTEXT_NAMES)
"""Contexts of life in a word each."""
LEAST_FEAR = 0.05
"""Difference in the believed chance of a sanction that is worth a sentence."""
LEAST_WELFARE = 0.5
"""Difference in welfare, in welfare-weeks, that is worth a sentence."""


@dataclass(frozen=True)
class Event:
    """Something that happens in a week: when it does, and what is said of it; {he} and {his} stand for the person."""

    said: str
    happens: Callable[[Trajectory], Flags]


def begins(flags: Flags) -> Flags:
    """Weeks in which something is so that was not so in the week before."""
    before = np.zeros_like(flags)
    before[1:] = flags[:-1]
    return flags & ~before


def ends(flags: Flags) -> Flags:
    """Weeks in which something is no longer so."""
    before = np.zeros_like(flags)
    before[1:] = flags[:-1]
    return before & ~flags


def spells(flags: Flags) -> list[tuple[int, int]]:
    """Stretches of weeks in which something is so, each from its first week to the one after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(first), int(stop)) for first, stop in zip(edges[::2], edges[1::2], strict=True)]


def _breach(kind: int) -> Callable[[Trajectory], Flags]:
    return lambda course: course.of("breach") == kind if course.has("breach") else course.problem & False


def _listed(context: int) -> Callable[[Trajectory], Flags]:
    return lambda course: begins(course.restricted(context))


def _freed(context: int) -> Callable[[Trajectory], Flags]:
    return lambda course: ends(course.restricted(context))


EVENTS = (
    Event("{he} complains", lambda course: course.complaint),
    Event("{he} protests", lambda course: course.protest),
    Event("an agency makes a record of what {he} did", lambda course: course.recorded),
    Event("an agency makes a false record about {him}", lambda course: course.falsely),
    *(Event(f"{{he}} is restricted: {CONTEXT_NAMES[k]}", _listed(k)) for k in range(AGENCIES)),
    *(Event(f"a restriction of {{his}} ends: {CONTEXT_NAMES[k]}", _freed(k)) for k in range(AGENCIES)),
    *(Event(f"{{he}} commits a {BREACH_NAMES[k]}", _breach(k)) for k in range(len(BREACH_NAMES))),
    Event("{he} falls into debt", lambda course: begins(course.indebted)),
    Event("{he} gets out of debt", lambda course: ends(course.indebted)),
    Event("somebody else of {his} household is restricted", lambda course: begins(course.kin)),
    Event("nobody else of {his} household is restricted any more", lambda course: ends(course.kin)),
    Event("a problem comes into {his} life", lambda course: begins(course.problem)),
    Event("{his} problem ends", lambda course: ends(course.problem)),
)
"""What two lives are compared by."""


def apart(reference: Trajectory, regime: Trajectory) -> Flags:
    """Weeks in which something happens in one world and not in the other."""
    return any_of(*(event.happens(reference) != event.happens(regime) for event in EVENTS))


def portrait(person: Person) -> str:
    """Who it is, in a few plain words."""
    kind = ("woman" if person.female else "man") if person.adult else ("girl" if person.female else "boy")
    age = "90 or older" if person.age >= 18 else f"{5 * person.age} to {5 * person.age + 4}"
    traits = [f"A {kind} of {age} {'in a town' if person.urban else 'in the country'}"]
    if person.migrant:
        traits.append("away from the place of registration")
    if person.minority:
        traits.append("of a minority")
    if person.party:
        traits.append("member of the party")
    if person.abroad:
        traits.append("living abroad")
    home = "lives alone" if person.household <= 1 else f"lives in a household of {person.household}"
    he = "She" if person.female else "He"
    return (
        f"{', '.join(traits)}; {SCHOOLING[person.education]}, {_income(person.income)}. "
        f"{he} {home}{_work(person)}. {100 * person.exposure:.0f} % of what {he.lower()} does in a day passes through "
        "channels that can be watched."
    )


def _income(ratio: float) -> str:
    if 0.95 <= ratio < 1.05:
        return "the median income"
    return f"{ratio:.1f} times the median income" if ratio >= 1 else f"{100 * ratio:.0f} % of the median income"


def _work(person: Person) -> str:
    if not person.workplace:
        return " and works at no firm"
    if person.own_account:
        alone = "alone" if person.workplace == 1 else f"in a unit of {person.workplace}"
        return f" and works on own account, {alone}"
    return f" and works at a {'foreign ' if person.foreign else ''}firm of {person.workplace}"


def named(text: str, person: Person) -> str:
    """The text with the person's pronouns for {he}, {He}, {him} and {his}."""
    he, him, his = ("she", "her", "her") if person.female else ("he", "him", "his")
    return text.format(he=he, He=he.title(), him=him, his=his)


def weeks_of(count: int) -> str:
    """A number of weeks in words, with years where there are any."""
    text = f"{count:,} week{'' if count == 1 else 's'}" if count else "no week"
    return f"{text} ({count / YEAR:.1f} years)" if count >= 2 * YEAR else text


def parting(life: Life) -> str:
    """The first week in which something happens in one world and not in the other."""
    differing = np.flatnonzero(apart(life.reference, life.regime))
    if not len(differing):
        return "The same things happen to {him} in both worlds, week for week."
    week = int(differing[0])
    event = next(e for e in EVENTS if e.happens(life.reference)[week] != e.happens(life.regime)[week])
    here, there = ("without", "with") if event.happens(life.reference)[week] else ("with", "without")
    joined = life.joined
    since = (
        f", {weeks_of(week - joined)} after the regime reached {{his}} district"
        if joined is not None and week >= joined
        else ", before the regime reaches {his} district"
    )
    return (
        f"The same happens in both worlds for {weeks_of(week)}. The lives part in week {week + 1:,}{since}: {here} the regime "
        f"{event.said}; {there} it, that does not happen then."
    )


def sentences(life: Life) -> tuple[str, ...]:
    """Where the two lives part and what differs in the end, each in a sentence."""
    told = (
        parting(life), _speech(life), _records(life), _lists(life), _kin(life), _debt(life), _fear(life), _welfare(life),
    )  # fmt: skip
    return tuple(named(text, life.person) for text in told if text)


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _speech(life: Life) -> str:
    before, after = (int(course.complaint.sum()) for course in life.trajectories.values())
    protests = [int(course.protest.sum()) for course in life.trajectories.values()]
    missing = int(silenced(life.reference, life.regime).sum())
    told = []
    if before != after or missing:
        told.append(f"{{He}} complains {_times(after)} with the regime and {_times(before)} without it.")
    if missing:
        told.append(f"Complaints that stay unsaid with the regime, about a problem open in both worlds: {missing:,}.")
    if protests[0] != protests[1]:
        told.append(f"{{He}} protests {_times(protests[1])} with the regime and {_times(protests[0])} without it.")
    return " ".join(told)


def _records(life: Life) -> str:
    false = [int(course.falsely.sum()) for course in life.trajectories.values()]
    if false[0] == false[1]:
        return ""
    misread = int(life.regime.misread.sum())
    part = "all" if misread == false[1] else f"{misread:,}"
    why = f" ({part} from lawful complaints read as offences)" if misread else ""
    return f"False records about {{him}}: {false[1]:,} with the regime{why}, {false[0]:,} without it."


def _lists(life: Life) -> str:
    before, after = (int(course.listed.sum()) for course in life.trajectories.values())
    wrong = int(life.regime.wronged.sum())
    if before == after and not wrong:
        return ""
    where = [CONTEXTS[k] for k in range(AGENCIES) if life.regime.restricted(k).any()]
    text = f"With the regime {{he}} is restricted for {weeks_of(after)}"
    text += f", in {' and '.join(where)}" if where else ""
    if wrong:
        text += f", {'all' if wrong == after else weeks_of(wrong)} of it without cause by the regime's own rule"
    return f"{text}; without it for {weeks_of(before)}."


def _kin(life: Life) -> str:
    before, after = (int(course.kin.sum()) for course in life.trajectories.values())
    if before == after:
        return ""
    return (
        f"Somebody else of {{his}} household is restricted for {weeks_of(after)} with the regime, for {weeks_of(before)} "
        "without it."
    )


def _debt(life: Life) -> str:
    before, after = (int(course.indebted.sum()) for course in life.trajectories.values())
    if before == after:
        return ""
    both = int((life.regime.indebted & life.regime.listed).sum())
    loop = f", {weeks_of(both)} of it while restricted" if both else ""
    return f"{{He}} is in debt for {weeks_of(after)} with the regime{loop}, and for {weeks_of(before)} without it."


def _fear(life: Life) -> str:
    before, after = (float(course.of("risk").max()) for course in life.trajectories.values())
    if abs(before - after) < LEAST_FEAR:
        return ""
    return (
        f"At most {{he}} believes the chance that speaking brings a sanction to be {100 * after:.0f} % with the regime, "
        f"{100 * before:.0f} % without it."
    )


def _welfare(life: Life) -> str:
    before, after = (float(course.of("hardship").sum()) for course in life.trajectories.values())
    if abs(after - before) < LEAST_WELFARE:
        return "In welfare the two lives come out even."
    return f"In all, the regime {'takes' if after > before else 'adds'} {abs(after - before):.1f} welfare-weeks."

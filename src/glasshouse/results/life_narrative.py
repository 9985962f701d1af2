"""A life course in plain words: who it is, when the two arms part, and what happens in each."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from glasshouse.results.life_course import Flags, Life, Person, Trajectory, any_of, silenced
from glasshouse.results.totals import YEAR

UNREAL = "This person does not exist."
"""What every page with a life course says first."""

SCHOOLING = ("no schooling", "primary schooling", "lower secondary schooling", "upper secondary schooling", "college")
LEAST_FEAR = 0.05
"""Least difference in the believed chance of a sanction that is reported."""
LEAST_WELFARE = 0.5
"""Least difference in welfare, in welfare-weeks, that is reported."""


@dataclass(frozen=True)
class Event:
    """Something that can happen in a week.

    Attributes
    ----------
    clause : str
        The event as a clause; {subject}, {object} and {possessive} are replaced by the person's pronouns.
    happens : callable
        Gives the weeks of a trajectory in which it happens.
    """

    clause: str
    happens: Callable[[Trajectory], Flags]


def begins(flags: Flags) -> Flags:
    """Weeks in which something is true that was not true in the week before.

    Parameters
    ----------
    flags : ndarray of bool, shape (weeks, ...)
        Whether it is true.

    Returns
    -------
    ndarray of bool
        Of the same shape.
    """
    before = np.zeros_like(flags)
    before[1:] = flags[:-1]
    return flags & ~before


def ends(flags: Flags) -> Flags:
    """Weeks in which something is no longer true.

    Parameters
    ----------
    flags : ndarray of bool, shape (weeks, ...)
        Whether it is true.

    Returns
    -------
    ndarray of bool
        Of the same shape.
    """
    before = np.zeros_like(flags)
    before[1:] = flags[:-1]
    return before & ~flags


def spells(flags: Flags) -> list[tuple[int, int]]:
    """Spells of weeks in which something is true.

    Parameters
    ----------
    flags : ndarray of bool, shape (weeks,)
        Whether it is true.

    Returns
    -------
    list of tuple of int
        First week of each spell, and the week after its last.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(first), int(stop)) for first, stop in zip(edges[::2], edges[1::2], strict=True)]


def _breach(kind: int) -> Callable[[Trajectory], Flags]:
    return lambda course: course.of("breach") == kind if course.has("breach") else course.problem & False


def _listed(context: int) -> Callable[[Trajectory], Flags]:
    return lambda course: begins(course.restricted(context))


def _freed(context: int) -> Callable[[Trajectory], Flags]:
    return lambda course: ends(course.restricted(context))


BEFORE_LISTS = (
    Event("{subject} complains", lambda course: course.complaint),
    Event("{subject} protests", lambda course: course.protest),
    Event("an agency makes a record of what {subject} did", lambda course: course.recorded),
    Event("an agency makes a false record about {object}", lambda course: course.falsely),
)
AFTER_LISTS = (
    Event("{subject} falls into debt", lambda course: begins(course.indebted)),
    Event("{subject} gets out of debt", lambda course: ends(course.indebted)),
    Event("somebody else of {possessive} household is restricted", lambda course: begins(course.kin)),
    Event("nobody else of {possessive} household is restricted any more", lambda course: ends(course.kin)),
    Event("a problem comes into {possessive} life", lambda course: begins(course.problem)),
    Event("{possessive} problem ends", lambda course: ends(course.problem)),
)


def short(context: str) -> str:
    """The short name of a context.

    Parameters
    ----------
    context : str
        Its name.

    Returns
    -------
    str
        What stands before the first “and”.
    """
    return context.partition(" and ")[0]


def events(course: Trajectory) -> tuple[Event, ...]:
    """Events by which a life course is compared between arms.

    Parameters
    ----------
    course : Trajectory
        The course in one arm.

    Returns
    -------
    tuple of Event
        The events; those of lists are of the contexts of the course, breaches of its kinds.
    """
    listed = tuple(Event(f"{{subject}} is restricted: {name}", _listed(k)) for k, name in enumerate(course.contexts))
    freed = (
        Event(f"a restriction of {{possessive}} ends: {name}", _freed(k)) for k, name in enumerate(course.contexts)
    )
    breaches = (Event(f"{{subject}} commits a {name}", _breach(k)) for k, name in enumerate(course.kinds))
    return (*BEFORE_LISTS, *listed, *freed, *breaches, *AFTER_LISTS)


def apart(reference: Trajectory, regime: Trajectory) -> Flags:
    """Weeks in which something happens in one arm and not in the other.

    Parameters
    ----------
    reference : Trajectory
        The citizens in the reference.
    regime : Trajectory
        The same citizens in the regime.

    Returns
    -------
    ndarray of bool
        Week by week.
    """
    return any_of(*(event.happens(reference) != event.happens(regime) for event in events(regime)))


def portrait(person: Person) -> str:
    """A person's traits in a few plain words.

    Parameters
    ----------
    person : Person
        The traits.

    Returns
    -------
    str
        Two sentences.
    """
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
    pronoun = "She" if person.female else "He"
    return (
        f"{', '.join(traits)}; {SCHOOLING[person.education]}, {_income(person.income)}. "
        f"{pronoun} {home}{_work(person)}. {100 * person.exposure:.0f} % of what {pronoun.lower()} does in a day passes through "
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
    """A text with the person's pronouns in place of {subject}, {Subject}, {object} and {possessive}.

    Parameters
    ----------
    text : str
        A text with placeholders.
    person : Person
        Whose pronouns to take.

    Returns
    -------
    str
        The text.
    """
    subject, thing, possessive = ("she", "her", "her") if person.female else ("he", "him", "his")
    return text.format(subject=subject, Subject=subject.title(), object=thing, possessive=possessive)


def weeks_of(count: int) -> str:
    """A number of weeks in words.

    Parameters
    ----------
    count : int
        A number of weeks.

    Returns
    -------
    str
        Weeks, and years from two years on.
    """
    text = f"{count:,} week{'' if count == 1 else 's'}" if count else "no week"
    return f"{text} ({count / YEAR:.1f} years)" if count >= 2 * YEAR else text


def parting(life: Life) -> str:
    """When something first happens in one arm and not in the other, and what.

    Parameters
    ----------
    life : Life
        A citizen in both arms.

    Returns
    -------
    str
        A sentence with placeholders for pronouns.
    """
    differing = np.flatnonzero(apart(life.reference, life.regime))
    if not len(differing):
        return "The same things happen to {object} in both arms, week for week."
    week = int(differing[0])
    event = next(e for e in events(life.regime) if e.happens(life.reference)[week] != e.happens(life.regime)[week])
    here, there = ("without", "with") if event.happens(life.reference)[week] else ("with", "without")
    adopted = life.adoption_week
    since = (
        f", {weeks_of(week - adopted)} after the regime reached {{possessive}} district"
        if adopted is not None and week >= adopted
        else ", before the regime reaches {possessive} district"
    )
    return (
        f"The same happens in both arms for {weeks_of(week)}. The life courses diverge in week {week + 1:,}{since}: {here} "
        f"the regime {event.clause}; {there} it, that does not happen then."
    )


def sentences(life: Life) -> tuple[str, ...]:
    """When a life course diverges and what differs in the end.

    Parameters
    ----------
    life : Life
        A citizen in both arms.

    Returns
    -------
    tuple of str
        Sentences.
    """
    texts = (
        parting(life), _speech(life), _records(life), _lists(life), _kin(life), _debt(life), _fear(life), _welfare(life),
    )  # fmt: skip
    return tuple(named(text, life.person) for text in texts if text)


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _speech(life: Life) -> str:
    before, after = (int(course.complaint.sum()) for course in life.trajectories.values())
    protests = [int(course.protest.sum()) for course in life.trajectories.values()]
    missing = int(silenced(life.reference, life.regime).sum())
    texts = []
    if before != after or missing:
        texts.append(f"{{Subject}} complains {_times(after)} with the regime and {_times(before)} without it.")
    if missing:
        texts.append(
            f"Complaints that stay unsaid with the regime, about a problem that is open in both arms: {missing:,}."
        )
    if protests[0] != protests[1]:
        texts.append(
            f"{{Subject}} protests {_times(protests[1])} with the regime and {_times(protests[0])} without it."
        )
    return " ".join(texts)


def _records(life: Life) -> str:
    false = [int(course.falsely.sum()) for course in life.trajectories.values()]
    if false[0] == false[1]:
        return ""
    misread = int(life.regime.misread.sum())
    part = "all" if misread == false[1] else f"{misread:,}"
    why = f" ({part} from lawful complaints read as offences)" if misread else ""
    return f"False records about {{object}}: {false[1]:,} with the regime{why}, {false[0]:,} without it."


def _lists(life: Life) -> str:
    before, after = (int(course.listed.sum()) for course in life.trajectories.values())
    yardsticks = {
        "without cause by the regime's own rule": int(life.regime.wronged.sum()),
        "undeserved by conduct": int(life.regime.undeserving.sum()),
        "unlawful": int(life.regime.unlawful.sum()),
    }
    if before == after and not any(yardsticks.values()):
        return ""
    where = [short(name) for k, name in enumerate(life.regime.contexts) if life.regime.restricted(k).any()]
    text = f"With the regime {{subject}} is restricted for {weeks_of(after)}"
    text += f", in {' and '.join(where)}" if where else ""
    wrong = [
        f"{'all' if weeks == after else weeks_of(weeks)} of it {words}" for words, weeks in yardsticks.items() if weeks
    ]
    text += "".join(f", {part}" for part in wrong)
    return f"{text}; without it for {weeks_of(before)}."


def _kin(life: Life) -> str:
    before, after = (int(course.kin.sum()) for course in life.trajectories.values())
    if before == after:
        return ""
    return (
        f"Somebody else of {{possessive}} household is restricted for {weeks_of(after)} with the regime, for {weeks_of(before)} "
        "without it."
    )


def _debt(life: Life) -> str:
    before, after = (int(course.indebted.sum()) for course in life.trajectories.values())
    if before == after:
        return ""
    both = int((life.regime.indebted & life.regime.listed).sum())
    loop = f", {weeks_of(both)} of it while restricted" if both else ""
    return f"{{Subject}} is in debt for {weeks_of(after)} with the regime{loop}, and for {weeks_of(before)} without it."


def _fear(life: Life) -> str:
    before, after = (float(course.of("risk").max()) for course in life.trajectories.values())
    if abs(before - after) < LEAST_FEAR:
        return ""
    return (
        f"At most {{subject}} believes the chance that speaking brings a sanction to be {100 * after:.0f} % with the regime, "
        f"{100 * before:.0f} % without it."
    )


def _welfare(life: Life) -> str:
    before, after = (float(course.of("hardship").sum()) for course in life.trajectories.values())
    if abs(after - before) < LEAST_WELFARE:
        return "In all, welfare is about the same with the regime and without it."
    return f"In all, the regime {'takes' if after > before else 'adds'} {abs(after - before):.1f} welfare-weeks."

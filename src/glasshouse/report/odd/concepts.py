"""The fourth element of ODD: the eleven design concepts, from the declarations where they say it."""

from collections.abc import Iterable

from glasshouse.model.component import Component
from glasshouse.model.measure import Measure
from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.report.document import Grid, Listing, Part, Section, Text, joined
from glasshouse.report.odd.dependencies import PLURALS, Link, Wiring, summary
from glasshouse.scenario.parameter_provenance import cited


def concepts(wiring: Wiring) -> Section:
    """Element 4: one subsection for each design concept.

    Parameters
    ----------
    wiring : Wiring
        The steps of the model and what each reads.

    Returns
    -------
    Section
        The section of the description.
    """
    entries: tuple[tuple[str, str, tuple[Part, ...]], ...] = (
        ("principles", "Basic principles", _principles(wiring)),
        ("emergence", "Emergence", (Text(_EMERGENCE),)),
        ("adaptation", "Adaptation", _adaptation(wiring)),
        ("objectives", "Objectives", (Text(_OBJECTIVES),)),
        ("learning", "Learning", (Text(_LEARNING),)),
        ("prediction", "Prediction", (Text(_prediction(wiring)),)),
        ("sensing", "Sensing", _sensing(wiring)),
        ("interaction", "Interaction", _interaction(wiring)),
        ("stochasticity", "Stochasticity", _stochasticity(wiring.mechanisms)),
        ("collectives", "Collectives", (Text(_COLLECTIVES),)),
        ("observation", "Observation", _observation()),
    )
    sections = tuple(Section(name, title, parts) for name, title, parts in entries)
    return Section("concepts", "4. Design concepts", (), sections)


_EMERGENCE = (
    "What is measured is imposed by no parameter: silence, protest, wrongful listing, waiting and cost follow from what "
    "citizens, offices and lists do to one another. Imposed are the parameters of element 7, the population of element 5 "
    "and the order of the week."
)
_OBJECTIVES = (
    "Nobody maximises anything. Citizens compare an urge with a threshold of their own; offices follow rules with fixed "
    "parameters. There is no search for the regime that controls people best."
)
_LEARNING = (
    "Rules do not change with experience. What citizens and offices believe does: it is a state variable that moves a "
    "fixed share of the way toward what is seen."
)
_COLLECTIVES = (
    "Households, workplaces, neighbourhoods, families and online circles are ties between citizens, given by the "
    "synthesis. Districts are entities. Group cells serve only to count."
)


def _principles(wiring: Wiring) -> tuple[Part, ...]:
    """What each mechanism rests on: its first sentence, with the works and facts that its docstring names."""
    rows = tuple(
        (f"`{m.name}`", summary(m), ", ".join(cited(m.__doc__ or "")) or "nothing; its sizes are in element 7")
        for m in wiring.mechanisms
    )
    return (
        Text(
            "The two arms share population and random numbers, so that their difference is the effect of the "
            "regime. Each mechanism "
            "is one submodel; parameters switch it, and what it says of itself names what it rests on:"
        ),
        Grid(("Mechanism", "What it is", "Works and facts that its description cites"), rows),
    )


def _adaptation(wiring: Wiring) -> tuple[Part, ...]:
    """The steps that answer to what others keep or show."""
    items = []
    for step in wiring.steps:
        foreign = {
            PLURALS.get(link.owner.kind, link.owner.kind)
            for link in wiring.links
            if link.reader == step and link.owner.kind != step.kind and link.how != "total"
        }
        if any(link.reader == step and link.how == "others" for link in wiring.links):
            foreign.add("contacts")
        if foreign:
            items.append(f"{step.kind}, step {step.place}, `{step.name}`: answers to {joined(sorted(foreign))}")
    return (
        Text(
            "Citizens and offices answer to what they meet by fixed rules, thresholds and chances. These steps answer to "
            "somebody else's state:"
        ),
        Listing(tuple(items)),
    )


def _prediction(wiring: Wiring) -> str:
    seeing = sorted({f"`{link.reader.name}`" for link in wiring.links if link.how == "ahead"})
    if not seeing:
        return "Nobody forecasts. Expectations are state variables that follow what is announced, lived and seen."
    return (
        f"{joined(seeing)} reads what lies ahead in the reference arm, as its description in element 7 says. Otherwise "
        "nobody forecasts; expectations are state variables that follow what is announced, lived and seen."
    )


def _sensing(wiring: Wiring) -> tuple[Part, ...]:
    """What each kind of entity sees beyond itself."""
    seen: dict[tuple[str, str], list[str]] = {}
    late = True
    for link in wiring.links:
        if link.how == "others" or (link.owner.kind != link.reader.kind and link.how != "total"):
            late = late and link.how != "this week"
            source = f"{link.record} of whom" if link.how == "others" else PLURALS.get(link.owner.kind, link.owner.kind)
            fields = seen.setdefault((PLURALS.get(link.reader.kind, link.reader.kind), source), [])
            if f"`{link.field}`" not in fields:
                fields.append(f"`{link.field}`")
    rows = tuple(
        (
            reader,
            source.removesuffix(" of whom") + (", by number" if source.endswith(" of whom") else ""),
            ", ".join(found),
        )
        for (reader, source), found in seen.items()
    )
    return (
        Text(
            f"Entities know their own state and, without error, what stands here{', all of it as of last week' * late}:"
        ),
        Grid(("Who", "Sees of", "What"), rows),
    )


def _interaction(wiring: Wiring) -> tuple[Part, ...]:
    """The ways by which one entity comes to matter for another."""
    items = [
        f"Signals: {_link_names(link for link in wiring.links if link.how == 'others')}.",
        f"Totals: {_link_names(link for link in wiring.links if link.how == 'total')}.",
    ]
    sent = [link for link in wiring.links if link.how == "sent"]
    if sent:
        items.append(f"Inboxes: {_link_names(sent)}.")
    places = [link for link in wiring.links if link.owner.kind != link.reader.kind and link.how == "last week"]
    if places:
        items.append(f"Offices: {_link_names(places)}.")
    return (
        Text("Entities act on one another in no other way than these; each is listed as the field and who reads it:"),
        Listing(tuple(items)),
    )


def _link_names(links: Iterable[Link]) -> str:
    """“`field` of `owner`, read by `a` and `b`” for each field."""
    readers: dict[tuple[str, str], list[str]] = {}
    for link in links:
        found = readers.setdefault((link.field, link.owner.name), [])
        if f"`{link.reader.name}`" not in found:
            found.append(f"`{link.reader.name}`")
    fields = [f"`{name}` of `{owner}`, read by {joined(who)}" for (name, owner), who in sorted(readers.items())]
    return "; ".join(fields) or "none"


def _stochasticity(mechanisms: tuple[type[Component], ...]) -> tuple[Part, ...]:
    """All draws of a week, with who makes them."""
    rows = []
    for mechanism in mechanisms:
        shared = [f"`{purpose}` (word {word})" for purpose, word in mechanism.shared_draws.items()]
        own = [f"`{purpose}`" for purpose in mechanism.draws]
        if shared or own:
            rows.append((f"`{mechanism.name}`", ", ".join(own), ", ".join(shared)))
    return (
        Text(
            "A draw is a function of seed, purpose, entity and week alone (Philox4x32-10; Salmon, Moraes, Dror and Shaw "
            "2011): the same person meets the same random numbers in both arms, and no thread, machine or order of calls changes "
            "it. Each replicate has another population and another random seed. Purposes in the last column "
            "share one call of the generator "
            "a citizen and week."
        ),
        Grid(("Mechanism", "Draws for", "Draws for nearly everybody, nearly every week"), tuple(rows)),
    )


def _observation() -> tuple[Part, ...]:
    """Every measure with its definition."""
    rows = tuple(
        (
            f"`{m.name}`",
            m.title,
            m.formula,
            m.unit,
            m.better,
            _reach(m),
            m.source,
        )
        for m in MEASURES
    )
    return (
        Text(
            "An observer reads totals, never an entity. A measure of one arm has an effect: the regime's figure less the "
            "reference's. A ratio without a denominator is undefined and says so. Intervals are over replicates."
        ),
        Text(
            "The figure of several replicates comes from the sums of all of them, unless the table says “mean of replicates”. "
            "Of the measures that plug-ins add, a study pools those that declare a ratio of sums over the replicates of a "
            "point, and averages those that have a function of their own; its tables mark the latter “mean of replicates” too."
        ),
        Grid(("Measure", "Title", "Formula", "Unit", "Better", "About", "Source"), rows),
    )


def _reach(measure: type[Measure]) -> str:
    """About people or the state, in one arm or between two, for which groups, and how it comes from several replicates."""
    forms = [
        "people" if measure.people else "the state",
        "both arms at once" if measure.is_between() else "each arm",
    ]
    if measure.by_group:
        forms.append("by group")
    if measure.by_district:
        forms.append("across districts")
    if measure.is_averaged():
        forms.append("mean of replicates")
    return ", ".join(forms)

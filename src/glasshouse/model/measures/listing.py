"""Who is listed, and how often wrongly."""

from functools import cache

import numpy as np

from glasshouse.model.agencies import ALWAYS, MOST_AGENCIES
from glasshouse.model.measure import FloatArray, Measure, Sums, ratio
from glasshouse.model.ratio_measure import RatioMeasure
from glasshouse.model.scale import POSITIVE, SHARE, Scale

SOURCE = "definition; error rates as in Kleinberg et al. 2017"

RESTRICTED_SUMS = tuple(f"restricted_{k}" for k in range(MOST_AGENCIES))
"""Sums of the citizens who are restricted in each context; a run keeps as many as it has contexts."""


def wrong_spell_length(sums: Sums, share: float) -> FloatArray:
    """Quantile of the lengths of spells of wrong restriction that ended, linear within classes that double in length.

    Parameters
    ----------
    sums : Sums
        Sums of one arm, of any shape.
    share : float
        Which quantile, above 0 and below 1.

    Returns
    -------
    ndarray of float
        Weeks; NaN where none ended.
    """
    edges = (0, 4, 8, 16, 32, 64, 128, 256, 512)
    ended = np.asarray(sums.wrong_spells)
    counts = [0.0 * ended, *(np.asarray(getattr(sums, f"wrong_spells_{edge}")) for edge in edges[1:-1]), ended]
    found = np.full(ended.shape, np.nan)
    for k in range(len(edges) - 1):
        low, high = counts[k], counts[k + 1]
        here = (ended > 0) & (low < share * ended) & (share * ended <= high)
        inside = np.divide(share * ended - low, high - low, out=np.zeros(ended.shape), where=high > low)
        found = np.where(here, edges[k] + inside * (edges[k + 1] - edges[k]), found)
    return found


class ListedShare(RatioMeasure):
    """Citizens restricted in at least one context over adults, averaged over weeks. Share; less is better."""

    name, title = "listed_share", "Adults restricted"
    numerator, denominator = "listed", "adults"
    unit, better, source = "share", "less", SOURCE
    scale = SHARE


class WronglyListedShare(RatioMeasure):
    """Of person-weeks restricted, the share wrong by the regime's own rule. Share; less is better."""

    name, title = "wrongly_listed_share", "Restrictions wrong by the regime's own rule"
    numerator, denominator = "listed_wrongly", "listed"
    unit, better, source = "share", "less", SOURCE
    scale = SHARE


class UndeservedShare(RatioMeasure):
    """Of person-weeks restricted, the share wrong by conduct. Share; less is better."""

    name, title = "undeserved_share", "Restrictions wrong by conduct"
    numerator, denominator = "listed_undeserved", "listed"
    unit, better, source = "share", "less", SOURCE
    scale = SHARE


class UnlawfulShare(RatioMeasure):
    """Of person-weeks restricted, the share wrong by law. Share; less is better."""

    name, title = "unlawful_share", "Restrictions wrong by law"
    numerator, denominator = "listed_unlawfully", "listed"
    unit, better, source = "share", "less", "definition; what a later court would call lawful is a setting (law)"
    scale = SHARE


class UnlawfulListings(RatioMeasure):
    """Of new restrictions, the share unlawful when they took effect. Share; less is better."""

    name, title = "unlawful_listings", "Decisions to restrict that are wrong by law"
    numerator, denominator = "listings_unlawful", "listings"
    unit, better, source = "share", "less", "definition; what a later court would call lawful is a setting (law)"
    scale = SHARE


class FalseDiscovery(RatioMeasure):
    """Wrong restrictions over restrictions, counted by context, by conduct. Share; less is better."""

    name, title = "false_discovery", "Contexts restricted wrongly by conduct"
    numerator, denominator = "restrictions_undeserved", "restrictions"
    unit, better, source = "share", "less", SOURCE
    scale = SHARE


class UnlawfulContexts(RatioMeasure):
    """Unlawful restrictions over restrictions, counted by context. Share; less is better."""

    name, title = "unlawful_contexts", "Contexts restricted wrongly by law"
    numerator, denominator = "restrictions_unlawful", "restrictions"
    unit, better, source = "share", "less", "definition; what a later court would call lawful is a setting (law)"
    scale = SHARE


class Missed(RatioMeasure):
    """Deserved but not restricted over deserved, counted by context. Share; neither direction is better by itself."""

    name, title = "missed", "Deserved restrictions that are not imposed"
    numerator, denominator = "restrictions_missed", "restrictions_deserved"
    unit, better, source = "share", "neither", SOURCE
    scale = SHARE


class ContextSpread(Measure):
    """Over how many contexts of life restrictions spread. Contexts; neither direction is better by itself."""

    name, title = "context_spread", "Contexts over which restrictions spread"
    formula = "(sum over contexts of citizen-weeks restricted)^2 / sum over contexts of its square"
    unit, better, source = "contexts", "neither", "inverse Simpson index (Hill 1973); S1"
    scale = Scale("logit", 1.0, ALWAYS)

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        kept = (getattr(sums, name, None) for name in RESTRICTED_SUMS)
        restricted = [each for each in kept if each is not None]
        whole = np.sum(restricted, axis=0)
        return ratio(whole * whole, np.sum(np.square(restricted), axis=0))


@cache
def spread_over(contexts: int) -> type[ContextSpread]:
    """The measure of spread for as many contexts, which limit it.

    Parameters
    ----------
    contexts : int
        Number of contexts of which a run keeps the restrictions.

    Returns
    -------
    ContextSpread type
        The measure itself for those that are always there, or fewer.
    """
    if contexts <= ALWAYS:
        return ContextSpread
    scale = Scale("logit", 1.0, contexts)
    return type(ContextSpread.__name__, (ContextSpread,), {"__doc__": ContextSpread.__doc__, "scale": scale})


class WeeksWronglyListed(RatioMeasure):
    """Mean length of the spells of wrong restriction that ended. Weeks; less is better."""

    name, title = "weeks_wrongly_listed", "Length of a wrongful restriction"
    numerator, denominator = "wrong_spell_weeks", "wrong_spells"
    unit, better, source = "weeks", "less", SOURCE
    scale = POSITIVE


class WrongSpellTail(Measure):
    """95th percentile of the spells of wrong restriction that ended. Weeks; less is better."""

    name, title = "weeks_wrongly_listed_95", "Longest wrongful restrictions (95th percentile)"
    formula = "95th percentile of ended spells wrong by the own rule, linear within classes that double in length"
    unit, better, source = "weeks", "less", SOURCE
    scale = POSITIVE
    no_interval = "the longest of few spells are too short"

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return wrong_spell_length(sums, 0.95)


class TrapHazard(RatioMeasure):
    """Spells of restriction that end, over time restricted. Per year; more is better."""

    name, title = "trap_hazard", "Ways out of restriction"
    numerator, denominator = "spells_ended", "listed"
    factor = 52.0
    unit, better, source = "per year", "more", "definition; facts.md A4.4, F5"
    scale = POSITIVE


class TrapHazardMany(RatioMeasure):
    """The same among those restricted in more than one context. Per year; more is better."""

    name, title = "trap_hazard_many", "Ways out of restriction in several contexts"
    numerator, denominator = "spells_ended_many", "listed_many"
    factor = 52.0
    unit, better, source = "per year", "more", "definition"
    scale = POSITIVE


class TrapLong(RatioMeasure):
    """Spells of more than two years over spells that ended. Share; less is better."""

    name, title = "trap", "Restrictions of more than two years"
    numerator, denominator = "spells_long", "spells_ended"
    unit, better, source = "share", "less", "definition; facts.md A4.4, F5"
    scale = SHARE


class TripsRefused(RatioMeasure):
    """Trips refused over listings. Trips; neither direction is better by itself."""

    name, title = "trips_refused", "Trips refused for each listing"
    numerator, denominator = "trips_refused", "listings"
    unit, better, source = "trips", "neither", "facts.md A4.5, F4"
    scale = POSITIVE

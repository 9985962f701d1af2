"""Who is listed, and how often wrongly."""

from glasshouse.measure import Measure, Numbers, Sums, ratio

SOURCE = "definition; error rates as in Kleinberg et al. 2017"


class ListedShare(Measure):
    """Citizens restricted in at least one context over adults, averaged over weeks. Share; less is better."""

    name, title = "listed_share", "Adults restricted"
    formula = "citizen-weeks restricted in at least one context / adult-weeks"
    unit, better, source = "share", "less", SOURCE

    @staticmethod
    def value(sums: Sums) -> Numbers:
        return ratio(sums.listed, sums.adults)


class WronglyListedShare(Measure):
    """Of person-weeks restricted, the share wrong by the regime's own rule. Share; less is better."""

    name, title = "wrongly_listed_share", "Restrictions wrong by the regime's own rule"
    formula = "citizen-weeks restricted without cause by the own rule / citizen-weeks restricted"
    unit, better, source = "share", "less", SOURCE

    @staticmethod
    def value(sums: Sums) -> Numbers:
        return ratio(sums.listed_wrongly, sums.listed)


class UndeservedShare(Measure):
    """Of person-weeks restricted, the share wrong by conduct. Share; less is better."""

    name, title = "undeserved_share", "Restrictions wrong by conduct"
    formula = "citizen-weeks restricted without harmful conduct that deserves it / citizen-weeks restricted"
    unit, better, source = "share", "less", SOURCE

    @staticmethod
    def value(sums: Sums) -> Numbers:
        return ratio(sums.listed_undeserved, sums.listed)


class FalseDiscovery(Measure):
    """Wrong restrictions over restrictions, counted by context, by conduct. Share; less is better."""

    name, title = "false_discovery", "Contexts restricted wrongly by conduct"
    formula = "context-weeks restricted without deserving conduct / context-weeks restricted"
    unit, better, source = "share", "less", SOURCE

    @staticmethod
    def value(sums: Sums) -> Numbers:
        return ratio(sums.restrictions_undeserved, sums.restrictions)


class Missed(Measure):
    """Deserved but not restricted over deserved, counted by context. Share; neither direction is better by itself."""

    name, title = "missed", "Deserved restrictions that are not imposed"
    formula = "context-weeks deserved and not restricted / context-weeks deserved"
    unit, better, source = "share", "neither", SOURCE

    @staticmethod
    def value(sums: Sums) -> Numbers:
        return ratio(sums.restrictions_missed, sums.restrictions_deserved)


class WeeksWronglyListed(Measure):
    """Mean length of the spells of wrong restriction that ended. Weeks; less is better."""

    name, title = "weeks_wrongly_listed", "Length of a wrongful restriction"
    formula = "weeks of ended spells wrong by the own rule / ended spells"
    unit, better, source = "weeks", "less", SOURCE

    @staticmethod
    def value(sums: Sums) -> Numbers:
        return ratio(sums.wrong_spell_weeks, sums.wrong_spells)

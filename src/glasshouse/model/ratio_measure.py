"""Measures that are declared, not programmed: ratios of sums and correlations.

What such a measure computes and the formula that it prints come from one declaration, so that they cannot disagree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from glasshouse.model.measure import FloatArray, Measure, Sums, correlation, ratio
from glasshouse.model.moments import product_of, squares_of, sum_of
from glasshouse.model.scale import SIGNED
from glasshouse.model.terms import TERMS

ARMS = {"reference": " in the reference", "regime": " in the regime", "pairs": ""}
"""Whose sums a measure between two arms can name, with the words that formulas add for each."""

RULE_OF_THREE = 3.0
"""Events that a count of which none was seen may have at most, in 95 % of cases (Hanley and Lippman-Hand 1983)."""


@dataclass(frozen=True)
class Combination:
    """Sums joined by + and -, as declarations write them: `"approving - informed_approving"`."""

    signs: tuple[int, ...]
    names: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Combination":
        """Reads names with a + or - between them.

        Parameters
        ----------
        text : str
            For instance `"problems_known + appeals_waiting"`.

        Returns
        -------
        Combination
            The names in their order, each with its sign.

        Raises
        ------
        ValueError
            If it is anything else than names with a + or - between each two.
        """
        words = text.split()
        names, signs = words[::2], ["+", *words[1::2]]
        known = all(part.isidentifier() for name in names for part in name.split(".")) and {*signs} <= {"+", "-"}
        if not known or len(names) != len(signs):
            raise ValueError(f"{text!r} is not made of names of sums with + or - between them")
        return cls(tuple(1 if sign == "+" else -1 for sign in signs), tuple(names))

    def value(self, read: Callable[[str], FloatArray]) -> FloatArray:
        """The combination of what the names stand for.

        Parameters
        ----------
        read : Callable
            Gives the values of a sum, of any shape, by its name.

        Returns
        -------
        FloatArray
            The sums added and subtracted from left to right.
        """
        total = read(self.names[0])
        for sign, name in zip(self.signs[1:], self.names[1:], strict=True):
            total = total + read(name) if sign > 0 else total - read(name)
        return total

    def words(self, say: Callable[[str], str]) -> str:
        """The combination as formulas print it, in brackets if it has several parts.

        Parameters
        ----------
        say : Callable
            Gives what formulas call a sum, by its name.

        Returns
        -------
        str
            For instance `"(appeals waiting + known problems)"`.
        """
        text = say(self.names[0])
        for sign, name in zip(self.signs[1:], self.names[1:], strict=True):
            text += f" {'+' if sign > 0 else '-'} {say(name)}"
        return f"({text})" if len(self.names) > 1 else text


class DeclaredMeasure(Measure):
    """A measure whose formula is derived from what it declares; `RatioMeasure` and its siblings are the kinds."""

    terms: ClassVar[Mapping[str, str]] = {}
    """What formulas call sums that `glasshouse.model.terms` does not know; without a term, a sum goes by its name."""

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        if "formula" in vars(cls):
            raise TypeError(f"{cls.__name__} declares a formula, but its formula is derived from what it computes")
        cls.formula = cls.derived_formula()

    @classmethod
    def derived_formula(cls) -> str:
        """The formula in words, from the same declarations that the value comes from.

        Returns
        -------
        str
            Nothing for a class that declares no measure yet.
        """
        return ""

    @classmethod
    def term(cls, name: str) -> str:
        """What formulas call a sum, or a quantity of which sums are kept.

        Parameters
        ----------
        name : str
            The sum's name; for a measure between two arms preceded by `reference.`, `regime.` or `pairs.`.

        Returns
        -------
        str
            Its term and, if one is named, its arm.
        """
        arm, _, own = name.rpartition(".")
        return cls.terms.get(own, TERMS.get(own, own)) + ARMS.get(arm, "")


class _Ratio(DeclaredMeasure):
    """What ratios within an arm and between arms have in common."""

    numerator: ClassVar[str] = ""
    """Names of sums with + or - between them."""

    denominator: ClassVar[str] = ""
    """Names of sums with + or - between them."""

    factor: ClassVar[float] = 1.0
    """Number that the ratio is multiplied by; 52 makes a weekly rate a yearly one."""

    complement: ClassVar[bool] = False
    """Whether the figure is 1 less the ratio."""

    @classmethod
    def derived_formula(cls) -> str:
        """The formula in words: `[1 -] [factor *] numerator / denominator`.

        Returns
        -------
        str
            The formula; empty for a class that names no numerator.
        """
        if not cls.numerator:
            return ""
        text = (
            f"{Combination.parse(cls.numerator).words(cls.term)} / {Combination.parse(cls.denominator).words(cls.term)}"
        )
        if cls.factor != 1.0:
            text = f"{cls.factor:,.12g} * {text}"
        return f"1 - {text}" if cls.complement else text

    @classmethod
    def _figure(cls, read: Callable[[str], FloatArray], more: float = 0.0) -> FloatArray:
        above, below = (Combination.parse(part).value(read) for part in (cls.numerator, cls.denominator))
        found = ratio(above + more, below)
        if cls.factor != 1.0:
            found = cls.factor * found
        return 1.0 - found if cls.complement else found


class RatioMeasure(_Ratio):
    """A ratio of sums of one arm: `[1 -] [factor *] numerator / denominator`.

    Examples
    --------
    >>> class Gaming(RatioMeasure):
    ...     '''Acts that earn credit and have no real value, over acts that earn credit.'''
    ...
    ...     name, title = "gaming", "Credit earned by show"
    ...     numerator, denominator = "gamed_deeds", "good_deeds"
    ...     unit, better, source = "share", "less", "Hardt et al. 2016"
    >>> Gaming.formula
    'good deeds without real value / good deeds'
    """

    @classmethod
    def value(cls, sums: Sums) -> FloatArray:
        """The ratio in one arm; NaN where the denominator is zero.

        Parameters
        ----------
        sums : Sums
            Sums of the arm, of any shape.

        Returns
        -------
        FloatArray
            One ratio for each row of sums.
        """
        return cls._figure(lambda name: getattr(sums, name))

    @classmethod
    def ceiling(cls, sums: Sums) -> FloatArray:
        """The ratio with three more events above the line.

        Parameters
        ----------
        sums : Sums
            Sums of the arm, of any shape.

        Returns
        -------
        FloatArray
            One ratio for each row of sums.
        """
        return cls._figure(lambda name: getattr(sums, name), RULE_OF_THREE)


class ArmsRatioMeasure(_Ratio):
    """A ratio of sums of both arms and of paired ones, each named with whose it is: `regime.protests`, `pairs.…`."""

    @classmethod
    def between(cls, reference: Sums, regime: Sums, pairs: Sums) -> FloatArray:
        """The ratio between two arms; NaN where the denominator is zero.

        Parameters
        ----------
        reference : Sums
            Sums of the reference arm, of any shape.
        regime : Sums
            Sums of the regime arm, of the same shape.
        pairs : Sums
            Sums over pairs of the same citizen in both arms.

        Returns
        -------
        FloatArray
            One ratio for each row of sums.
        """
        arms = {"reference": reference, "regime": regime, "pairs": pairs}

        def read(name: str) -> FloatArray:
            arm, own = name.split(".")
            values: FloatArray = getattr(arms[arm], own)
            return values

        return cls._figure(read)


class CorrelationMeasure(DeclaredMeasure):
    """Pearson's correlation of two quantities, from the sums that `moments` declares for them.

    Its figure is the mean of the replicates' correlations: one over the sums of several populations would also hold what
    these differ by.
    """

    scale = SIGNED
    averaged = True

    count: ClassVar[str] = ""
    """The sum that counts the cases."""

    x: ClassVar[str] = ""
    """The first quantity, by the name that `moments` was given."""

    y: ClassVar[str] = ""
    """The second quantity."""

    @classmethod
    def derived_formula(cls) -> str:
        """The formula in words.

        Returns
        -------
        str
            What is correlated and over which cases; empty for a class that does not name its quantities.
        """
        if not cls.count:
            return ""
        return f"correlation of {cls.term(cls.x)} with {cls.term(cls.y)} over {cls.term(cls.count)}"

    @classmethod
    def value(cls, sums: Sums) -> FloatArray:
        """The correlation in one arm; NaN where either quantity does not vary.

        Parameters
        ----------
        sums : Sums
            Sums of the arm, of any shape.

        Returns
        -------
        FloatArray
            One correlation for each row of sums.
        """
        names = (
            cls.count,
            sum_of(cls.x),
            squares_of(cls.x),
            sum_of(cls.y),
            squares_of(cls.y),
            product_of(cls.x, cls.y),
        )
        return correlation(*(getattr(sums, name) for name in names))

"""The sums that a correlation needs, declared by the quantities that they are sums of."""

from dataclasses import dataclass

from glasshouse.model.declarations import Sum


@dataclass(frozen=True)
class Quantity:
    """A number of each case, of which `moments` keeps sums.

    Parameters
    ----------
    name : str
        What the names of its sums begin with.
    unit : str
        Its unit.
    doc : str
        What it is, in a few words.
    """

    name: str
    unit: str
    doc: str


def sum_of(quantity: str) -> str:
    """The name of the sum of a quantity.

    Parameters
    ----------
    quantity : str
        Name of the quantity.

    Returns
    -------
    str
        Name of the sum.
    """
    return f"{quantity}_sum"


def squares_of(quantity: str) -> str:
    """The name of the sum of a quantity's squares.

    Parameters
    ----------
    quantity : str
        Name of the quantity.

    Returns
    -------
    str
        Name of the sum.
    """
    return f"{quantity}_squares"


def product_of(x: str, y: str) -> str:
    """The name of the sum of two quantities' products.

    Parameters
    ----------
    x : str
        Name of the first quantity.
    y : str
        Name of the second quantity.

    Returns
    -------
    str
        Name of the sum.
    """
    return f"{x}_{y}_products"


def moments(x: Quantity, *others: Quantity, scale: int = 1) -> tuple[Sum, ...]:
    """The sums that Pearson's correlation of one quantity with each of some others needs, beside a count of cases.

    Parameters
    ----------
    x : Quantity
        The quantity that is correlated with each other one.
    *others : Quantity
        The quantities that it is correlated with.
    scale : int
        Scale of all sums; 1 for whole numbers, `WELFARE` for others.

    Returns
    -------
    tuple of Sum
        `x_sum` and `x_squares`, and for each other quantity y `y_sum`, `y_squares` and `x_y_products`.

    Examples
    --------
    >>> [total.name for total in moments(Quantity("score", "points", "score"), Quantity("income", "ratio", "income"))]
    ['score_sum', 'score_squares', 'income_sum', 'income_squares', 'score_income_products']
    """
    found: list[Sum] = []
    for one in (x, *others):
        found.append(Sum(sum_of(one.name), one.unit, f"{one.doc}, added up", scale))
        found.append(Sum(squares_of(one.name), f"{one.unit} squared", f"square of {one.doc}, added up", scale))
        if one is not x:
            unit = f"{x.unit} squared" if one.unit == x.unit else f"{x.unit} times {one.unit}"
            doc = f"product of {x.doc} and {one.doc}, added up"
            found.append(Sum(product_of(x.name, one.name), unit, doc, scale))
    return tuple(found)

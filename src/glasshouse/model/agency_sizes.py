"""Mechanisms for the agencies and the kinds of breach that a scenario declares.

Columns and parameters say what they have an element for, and kernels loop over the constants of `agencies`. For a
scenario with further agencies or kinds a mechanism is derived whose columns and parameters have as many elements, and
whose kernels and helpers see their constants. For those that are always there it stays as it is, so that they cost nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from types import FunctionType, new_class
from typing import Annotated, Any, cast

from pydantic import BeforeValidator, Field
from pydantic.fields import FieldInfo

from glasshouse.model.agencies import ALWAYS, ALWAYS_KINDS, THE_FOUR, Agencies
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.declarations import Column, Dimension, Sum, size

COLUMNS = ("columns", "firm_columns", "district_columns", "centre_columns")
"""Where a component declares columns."""

OF_THE_FOUR = THE_FOUR.constants()
"""The constants that kernels are written with."""


def original(component: type[Component]) -> type[Component]:
    """The component that one was derived from.

    Parameters
    ----------
    component : Component class
        A component, derived or not.

    Returns
    -------
    Component class
        The component as it is written, for the four agencies.
    """
    return component if component.agencies is THE_FOUR else cast("type[Component]", component.__mro__[1])


def for_agencies(component: type[Component], agencies: Agencies) -> type[Component]:
    """A component as it is with the agencies of a scenario.

    Parameters
    ----------
    component : Component class
        A mechanism or statistic, derived or not.
    agencies : Agencies
        The agencies.

    Returns
    -------
    Component class
        The component itself for the four agencies, or if it does not depend on them; else a class derived from it, the
        same one for equal agencies.
    """
    written = original(component)
    return written if agencies == THE_FOUR else _derived(written, agencies)


def agencies_of(components: Iterable[type[Component]]) -> Agencies:
    """The agencies that some components are for.

    Parameters
    ----------
    components : iterable of Component classes
        The components of a scenario.

    Returns
    -------
    Agencies
        Those of the derived ones among them; the four if there is none.
    """
    return next((component.agencies for component in components if component.agencies is not THE_FOUR), THE_FOUR)


@lru_cache(maxsize=512)
def _derived(component: type[Component], agencies: Agencies) -> type[Component]:
    changed: dict[str, Any] = {}
    for where in COLUMNS:
        columns: tuple[Column, ...] = getattr(component, where)
        if any(column.per for column in columns):
            changed[where] = tuple(_column(column, agencies) for column in columns)
    if component.sums_by_context:
        changed["sums"] = (*component.sums, *_further_sums(component, agencies))
    for kind in KERNELS:
        kernel = component.kernel(kind)
        if isinstance(kernel, FunctionType) and (own := _rebound(kernel, agencies)) is not kernel:
            changed[kind] = staticmethod(own)
    types: dict[str, Any] = {}
    for key, field in component.model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and "per" in extra:
            changed[key], types[key] = _field(field, agencies)
    if not changed:
        return component
    names = {
        "__module__": component.__module__,
        "__qualname__": component.__qualname__,
        "__doc__": component.__doc__,
        "__annotations__": types,
        "agencies": agencies,
    }
    made: type[Component] = new_class(
        component.__name__, (component,), exec_body=lambda body: body.update(names, **changed)
    )
    return made


def _further_sums(component: type[Component], agencies: Agencies) -> list[Sum]:
    return [
        replace(total, name=total.name.format(k=k), doc=total.doc.format(context=agencies.contexts[k]))
        for k in range(ALWAYS, agencies.number)
        for total in component.sums_by_context
    ]


def _column(column: Column, agencies: Agencies) -> Column:
    return column if column.per is None else replace(column, length=_size(column.per, agencies))


def _size(per: Dimension, agencies: Agencies) -> int:
    return size(per, agencies.number, agencies.kinds.number)


def _field(field: FieldInfo, agencies: Agencies) -> tuple[FieldInfo, Any]:
    """A parameter with an element for each agency, pair or kind, and its type, which takes a list for the usual ones as well."""
    extra = cast("dict[str, Any]", field.json_schema_extra)
    per: Dimension = extra["per"]
    extend = partial(extended, per=per, agencies=agencies, further=extra.get("further", 0.0))
    names = {"agency": agencies.names, "kind": agencies.kinds.names}.get(per, (*agencies.names, "row by row"))
    length = _size(per, agencies)
    made: FieldInfo = Field(
        extend(field.default),
        description=field.description,
        min_length=length,
        max_length=length,
        json_schema_extra={**extra, "each": [*names]},
    )
    return made, Annotated[tuple[float, ...], BeforeValidator(extend)]


def extended(value: Any, per: Dimension, agencies: Agencies, further: float) -> Any:
    """A list for the four agencies or the five kinds with the usual values for further ones; anything else as it is.

    Parameters
    ----------
    value : object
        What is given for a parameter.
    per : str
        What it has an element for.
    agencies : Agencies
        The agencies, with the kinds of breach that concern them.
    further : float
        The usual value of an agency or pair; the element of an agency with itself is 1. That of a kind is the one of the
        kind that it is like.

    Returns
    -------
    object
        A tuple of as many elements as there are agencies, pairs or kinds, or `value`.
    """
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != size(per, ALWAYS, ALWAYS_KINDS):
        return value
    if per == "kind":
        return tuple(value[kind] for kind in agencies.kinds.alike)
    if per == "agency":
        return (*value, *(further,) * (agencies.number - ALWAYS))
    return tuple(
        value[row * ALWAYS + column] if max(row, column) < ALWAYS else 1.0 if row == column else further
        for row in range(agencies.number)
        for column in range(agencies.number)
    )


@lru_cache(maxsize=1024)
def _rebound(function: FunctionType, agencies: Agencies) -> FunctionType:
    """A kernel or helper that sees the constants of some agencies; the function itself if it names none of them."""
    names, constants = dict(function.__globals__), agencies.constants()
    changed = False
    for name in function.__code__.co_names:
        value = names.get(name)
        if name in constants and value == OF_THE_FOUR[name]:
            names[name] = constants[name]
        elif isinstance(value, FunctionType):
            names[name] = _rebound(value, agencies)
        changed = changed or names.get(name) is not value
    if not changed:
        return function
    own = FunctionType(function.__code__, names, function.__name__, function.__defaults__)
    own.__qualname__, own.__doc__, own.__module__ = function.__qualname__, function.__doc__, function.__module__
    return own

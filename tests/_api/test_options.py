"""Keyword arguments of the public functions."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

import glasshouse


@pytest.mark.parametrize("option", [{"vary": "levers"}, {"measures": "listed_share"}, {"plugins": "rumour.py"}])
def test_one_text_where_several_belong_is_refused_with_what_to_write(option: dict[str, Any]) -> None:
    (name, text), *_ = option.items()
    with pytest.raises(TypeError, match=rf"freeze\(\) takes {name} as a list: \['{text}'\]"):
        glasshouse.studies.freeze("town", **option)


def lists() -> Iterator[tuple[Callable[..., Any], str, list[Any]]]:
    """Every argument of a public function that is a list, with values for the function's other required arguments."""
    for module in (glasshouse, glasshouse.studies):
        functions = (getattr(module, name) for name in module.__all__)
        for function in filter(inspect.isfunction, functions):
            arguments = inspect.signature(function).parameters.values()
            required = [
                one.name for one in arguments if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
            ]
            for one in arguments:
                known = {one.name: one.annotation}
                if one.kind is one.VAR_KEYWORD:
                    known = get_args(one.annotation)[0].__annotations__
                for name, annotation in known.items():
                    if "Sequence[" in str(annotation) or "Settings" in str(annotation):
                        yield function, name, ["town" for other in required if other != name]


@pytest.mark.parametrize("value", ["run.weeks=52", Path("mine.py")])
def test_every_public_function_refuses_one_text_where_several_belong(value: str | Path) -> None:
    found = list(lists())
    assert {("load", "settings"), ("run_claims", "claims"), ("freeze", "claims"), ("work", "plugins")} <= {
        (function.__name__, name) for function, name, _ in found
    }
    for function, name, others in found:
        with pytest.raises(TypeError, match=rf"{function.__name__}\(\) takes {name} as a list: \['{value}'\]"):
            function(*others, **{name: value})

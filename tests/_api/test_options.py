"""Keyword arguments of the public functions."""

from typing import Any

import pytest

import glasshouse


@pytest.mark.parametrize("option", [{"vary": "levers"}, {"measures": "listed_share"}, {"plugins": "rumour.py"}])
def test_one_text_where_several_belong_is_refused_with_what_to_write(option: dict[str, Any]) -> None:
    (name, text), *_ = option.items()
    with pytest.raises(TypeError, match=rf"freeze\(\) takes {name} as a list: \['{text}'\]"):
        glasshouse.studies.freeze("town", **option)

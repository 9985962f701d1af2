"""Written TOML reads back equal, and is the same for equal values."""

import tomllib

import pytest

from glasshouse.scenario.files import library_names
from glasshouse.scenario.scenario import load
from glasshouse.scenario.settings import canonical
from glasshouse.scenario.toml_text import to_toml, toml_item, toml_value

NASTY = 'a"b\\c\x7f\x1b\x01\n\té \'\'\' """'


@pytest.mark.parametrize(
    "value", [True, False, 0, -3, 0.1, 1e-7, 1e300, NASTY, "", (), (1.0, 2.5), ("x", "y"), ((1,), (2,))]
)
def test_a_value_reads_back_equal_from_one_line(value: object) -> None:
    text = toml_value(value)
    assert "\n" not in text
    assert tomllib.loads(f"x = {text}")["x"] == (_lists(value) if isinstance(value, tuple) else value)


def _lists(value: object) -> object:
    return [_lists(element) for element in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("text", ["a\nb", "\nlead", "two\r\nlines\n", 'end"""', '"\n"', "\\\n", NASTY])
def test_a_text_of_several_lines_reads_back_equal(text: str) -> None:
    assert tomllib.loads(f"x = {toml_item(text).as_string()}")["x"] == text


def test_mappings_in_a_sequence_stand_on_lines_of_their_own_and_read_back_equal() -> None:
    rows = [{"key": "a.b", "values": [1.0, 2.0], "text": "x\ny"}, {"key": "c", "values": [], "text": ""}]
    text = toml_item(rows).as_string()
    assert tomllib.loads(f"x = {text}")["x"] == rows
    assert text.count("\n    {") == 2


def test_a_long_array_is_written_in_time_linear_in_its_length() -> None:
    values = [number / 7 for number in range(20_000)]
    assert tomllib.loads(f"x = {toml_item(values).as_string()}")["x"] == values


def test_equal_values_have_equal_text() -> None:
    assert toml_value(-0.0) == toml_value(0.0) == canonical(-0.0) == "0.0"
    assert toml_value((-0.0, 1.0)) == canonical((-0.0, 1.0)) == "[0.0, 1.0]"


@pytest.mark.parametrize("name", library_names())
def test_what_digests_hash_is_what_files_say(name: str) -> None:
    # Digests of scenarios hash JSON, so that no version of a TOML writer can change them.
    scenario = load(name)
    for value in scenario.settings().values():
        assert canonical(value) == toml_value(value)
    written = tomllib.loads(to_toml(scenario))
    assert written["run"]["weeks"] == scenario.run.weeks

"""The one place where text becomes HTML: values are escaped, missing ones are an error, elements draw themselves."""

import pytest
from jinja2 import UndefinedError

from glasshouse.report.elements import Cell, Section, Table, fold, paragraphs, together
from glasshouse.report.templates import environment, page, render


def test_values_are_escaped_and_what_a_template_wrote_is_not_escaped_again() -> None:
    once = paragraphs("a < b & c")
    assert once == "<p>a &lt; b &amp; c</p>"
    assert together(once, "<i>") == "<p>a &lt; b &amp; c</p>&lt;i&gt;"
    assert (
        Section("x", "T & t", once).__html__() == '<section id="x"><h2>T &amp; t</h2><p>a &lt; b &amp; c</p></section>'
    )


def test_a_cell_and_a_table_escape_every_text() -> None:
    html = Table(("<h>",), [(Cell("<t>", "<n>", style="code"),), ("<plain>",)], numbers=(0,)).__html__()
    assert "<code>&lt;t&gt;</code><br><small>&lt;n&gt;</small>" in html
    assert '<td class="n">&lt;plain&gt;</td>' in html
    assert "&lt;h&gt;" in html
    assert "<summary>&lt;s&gt;</summary>" in fold("<s>", "part")


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="html"):
        render("notebook.html")
    with pytest.raises(UndefinedError):
        environment().from_string("{{ missing }}").render()


def test_a_page_is_a_text_like_any_other() -> None:
    found = page("notebook.html", html=paragraphs("a"))
    assert type(found) is str
    assert found.rstrip().endswith('<div class="glasshouse"><p>a</p></div>')

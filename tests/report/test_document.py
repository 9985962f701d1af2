"""Documents as Markdown: nothing in a text may become a mark, and nothing may be lost."""

from glasshouse.report.document import Document, Grid, Listing, Section, Text, Verbatim, joined, markdown, pieces


def written(*parts: Text | Listing | Grid | Verbatim) -> str:
    return markdown(Document("Kind", "A `b` title", (), (Section("s", "One", tuple(parts)),)))


def test_headings_go_deeper_with_sections() -> None:
    inner = Section("b", "Inner", (Text("Words."),))
    text = markdown(Document("Kind", "Title", (Text("Lead."),), (Section("a", "Outer", (), (inner,)),)))
    assert text == "*Kind*\n\n# Title\n\nLead.\n\n## Outer\n\n### Inner\n\nWords.\n"


def test_marks_in_texts_are_escaped_and_code_is_kept() -> None:
    text = written(Text("g* <- a_b [x] & `c_d*`\n  next"))
    assert r"g\* \<- a\_b \[x\] &amp; `c_d*` next" in text
    assert "# A `b` title" in text


def test_tables_keep_bars_and_lines_inside_their_cells() -> None:
    text = written(Grid(("One", "Two"), (("a|b", "1\n2"),), (1,)))
    assert text.endswith("| One | Two |\n| --- | ---: |\n| a\\|b | 1 2 |\n")


def test_equations_stay_as_they_are() -> None:
    assert "```text\nx = a * b\n    + `c`\n```" in written(Verbatim("x = a * b\n    + `c`"))
    assert "````text\n```\n````" in written(Verbatim("```"))


def test_lists_and_joined_words() -> None:
    assert "- one\n- two" in written(Listing(("one", "two")))
    assert (joined(["a"]), joined(["a", "b", "c"]), joined([])) == ("a", "a, b and c", "")
    assert list(pieces("a `b` c")) == [("a ", False), ("b", True), (" c", False)]

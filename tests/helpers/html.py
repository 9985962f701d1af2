"""A reader of pages that checks that elements close in order."""

from html.parser import HTMLParser

VOID = {"meta", "br", "path", "img", "hr", "link", "input"}


class Reader(HTMLParser):
    """Collects attributes and checks that elements close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def read(html: str) -> Reader:
    """A whole page, read; it must be well formed."""
    reader = Reader()
    reader.feed(html)
    assert not reader.open
    return reader

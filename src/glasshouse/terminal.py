r"""Texts on their way to a terminal, without characters that change what a reader sees.

Titles, file names and messages may hold escape sequences, which move the cursor or change colours, and characters that
reverse the direction of writing. A terminal would obey them, so they are shown as escapes: `\u001b`, `\u202e`.
"""

import io
import json
import unicodedata
from typing import IO, Any

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories of control and format characters (those of direction among them), and of line separators."""

ALLOWED = frozenset("\n\t")
"""Control characters that stay."""


class _Escapes(dict[int, int | str]):
    """What stands for each character, decided when it first comes."""

    def __missing__(self, code: int) -> int | str:
        character = chr(code)
        hidden = unicodedata.category(character) in HIDDEN and character not in ALLOWED
        # As JSON spells it, so that a line of JSON stays one.
        self[code] = json.dumps(character)[1:-1] if hidden else code
        return self[code]


_ESCAPES = _Escapes()


def escaped(text: str) -> str:
    r"""A text with control and direction characters spelled out.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text; line ends and tabs stay as they are.

    Examples
    --------
    >>> escaped("red\x1b[31m")
    'red\\u001b[31m'
    """
    return text.translate(_ESCAPES)


class EscapingStream(io.TextIOBase):
    """A text stream that spells out control and direction characters.

    Parameters
    ----------
    raw : text stream
        Where the text goes. A display that moves the cursor itself writes there directly.
    """

    def __init__(self, raw: IO[str]) -> None:
        self.raw = raw

    def __getattr__(self, name: str) -> Any:
        # Bytes would pass by `write`.
        if name == "buffer":
            raise AttributeError(name)
        return getattr(self.raw, name)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream.

        Returns
        -------
        str
            That of the stream beneath.
        """
        return str(getattr(self.raw, "encoding", "utf-8"))

    def write(self, text: str) -> int:
        """Write a text.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        int
            How many characters were written.
        """
        return self.raw.write(escaped(text))

    def writable(self) -> bool:
        """Whether the stream takes text.

        Returns
        -------
        bool
            True.
        """
        return True

    def isatty(self) -> bool:
        """Whether the stream is a terminal.

        Returns
        -------
        bool
            What the stream beneath says.
        """
        return self.raw.isatty()

    def fileno(self) -> int:
        """The file descriptor of the stream.

        Returns
        -------
        int
            That of the stream beneath.
        """
        return self.raw.fileno()

    def flush(self) -> None:
        """Write out what is waiting."""
        self.raw.flush()

    def close(self) -> None:
        """Nothing: the stream beneath stays open."""


def raw_stream(stream: IO[str]) -> IO[str]:
    """The stream that takes control characters, for a display that draws with them.

    Parameters
    ----------
    stream : text stream
        Any stream.

    Returns
    -------
    text stream
        The stream beneath an `EscapingStream`, or the stream itself.
    """
    return stream.raw if isinstance(stream, EscapingStream) else stream

"""Languages of the page: message catalogues in gettext's format, read with Babel.

A message is its English text. Where a catalogue has none, the English stands; the tests hold the German one complete.
"""

from functools import cache
from gettext import NullTranslations
from importlib.resources import files

from babel.core import UnknownLocaleError, negotiate_locale
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""The languages there are, and what each calls itself."""


CATALOGUES = ("model", "messages")
"""What the model's declarations say of themselves, and what the page says; where both have a text the page's is taken."""


def mark(message: str) -> str:
    """Marks a message for translation; it is looked up when a page is shown."""
    return message


class Words(NullTranslations):
    """Messages of one language."""

    def __init__(self, language: str, messages: dict[str, str]) -> None:
        super().__init__()
        self.language, self.messages = language, messages

    def gettext(self, message: str) -> str:
        """The message in this language, or as it is."""
        return self.messages.get(message) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Singular or plural; both are messages of their own."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@cache
def words(language: str) -> Words:
    """The messages of a language; English for one that there is none of."""
    if language not in LANGUAGES or language == "en":
        return Words("en", {})
    found: dict[str, str] = {}
    for name in CATALOGUES:
        with files("glasshouse.web").joinpath("locales", language, "LC_MESSAGES", f"{name}.po").open("rb") as file:
            found |= {str(message.id): str(message.string) for message in read_po(file) if message.id}
    return Words(language, found)


def chosen(asked: str | None, accepted: str) -> str:
    """The language asked for, else the first of a browser's `accepted` ones that there is, else English."""
    if asked in LANGUAGES:
        return str(asked)
    wanted = [part.partition(";")[0].strip().replace("-", "_") for part in accepted.split(",")]
    try:
        found = negotiate_locale([language for language in wanted if language and language != "*"], list(LANGUAGES))
    except (UnknownLocaleError, ValueError):
        found = None
    return found or "en"

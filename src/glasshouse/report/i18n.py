"""Languages of reports and pages: message catalogues in gettext's format, read with Babel.

A message is its English text. Where a catalogue has none, the English stands; the tests hold the German one complete.
"""

import re
from functools import cache
from gettext import NullTranslations
from importlib.resources import files

from glasshouse.errors import AnalysisError, install_command

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""The languages there are, and what each calls itself."""


CATALOGUES = ("model", "messages")
"""What the model's declarations say of themselves, and what the page says; where both have a text the page's is taken."""


def mark(message: str) -> str:
    """Mark a message for translation; it is looked up when a page is shown.

    Parameters
    ----------
    message : str
        The message in English.

    Returns
    -------
    str
        The same message.
    """
    return message


class Words(NullTranslations):
    """Messages of one language.

    Parameters
    ----------
    language : str
        A key of `LANGUAGES`.
    messages : dict of str to str
        The messages in this language, by their English text.
    """

    def __init__(self, language: str, messages: dict[str, str]) -> None:
        super().__init__()
        self.language, self.messages = language, messages

    def gettext(self, message: str) -> str:
        """Translate a message.

        Parameters
        ----------
        message : str
            The message in English.

        Returns
        -------
        str
            The message in this language; in English if the language does not have it.
        """
        return self.messages.get(message) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Translate a message in the singular or plural; both are messages of their own.

        Parameters
        ----------
        msgid1 : str
            The singular in English.
        msgid2 : str
            The plural in English.
        n : int
            The number that decides; the singular is for 1.

        Returns
        -------
        str
            The message in this language; in English if the language does not have it.
        """
        return self.gettext(msgid1 if n == 1 else msgid2)

    def say(self, message: str, **given: object) -> str:
        """Translate a message and fill it in.

        Parameters
        ----------
        message : str
            The message in English, with names in braces.
        **given : object
            What stands in their places.

        Returns
        -------
        str
            The message in this language.
        """
        return self.gettext(message).format(**given)

    def figures(self, text: str) -> str:
        """Write the numbers of a text as this language does.

        Parameters
        ----------
        text : str
            Figures with their intervals as `Estimate.text` writes them, such as `1,510 (1.2 to 1.8)`.

        Returns
        -------
        str
            The same with the separators and the word between the ends of an interval of this language.
        """
        if self.language == "en":
            return text
        separated = re.sub(r"(?<=\d)[.,](?=\d)", lambda sign: {".": ",", ",": "."}[sign[0]], text)
        between = self.gettext("{low} to {high}").format(low="", high="")
        return re.sub(r"(?<=\d) to (?=[\d−])", between, separated)


ENGLISH = Words("en", {})
"""English, which needs no catalogue."""


@cache
def words(language: str) -> Words:
    """Read the messages of a language.

    Parameters
    ----------
    language : str
        Code of the language, such as `de`.

    Returns
    -------
    Words
        The messages; English for a language that has no catalogue.

    Raises
    ------
    AnalysisError
        If Babel is not installed and the language is another one.
    """
    if language not in LANGUAGES or language == "en":
        return ENGLISH
    try:
        from babel.messages.pofile import read_po
    except ModuleNotFoundError:
        raise AnalysisError(
            f"Another language than English needs Babel, which is not installed. Install it: {install_command('web')}"
        ) from None
    found: dict[str, str] = {}
    for name in CATALOGUES:
        with files("glasshouse.web").joinpath("locales", language, "LC_MESSAGES", f"{name}.po").open("rb") as file:
            found |= {str(message.id): str(message.string) for message in read_po(file) if message.id}
    return Words(language, found)


def chosen(asked: str | None, accepted: str) -> str:
    """Choose the language of a page.

    Parameters
    ----------
    asked : str or None
        Code of the language that was asked for.
    accepted : str
        Languages that the browser accepts, as in the header `Accept-Language`.

    Returns
    -------
    str
        The language asked for, else the first of the accepted ones that there is, else English.
    """
    from babel.core import UnknownLocaleError, negotiate_locale

    if asked in LANGUAGES:
        return str(asked)
    wanted = [part.partition(";")[0].strip().replace("-", "_") for part in accepted.split(",")]
    try:
        found = negotiate_locale([language for language in wanted if language and language != "*"], list(LANGUAGES))
    except (UnknownLocaleError, ValueError):
        found = None
    return found or "en"

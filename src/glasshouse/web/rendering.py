"""One answer as a page: a template in the language that the reader's browser asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel.numbers import format_decimal
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from glasshouse.errors import ScenarioError
from glasshouse.report.i18n import LANGUAGES, Words, chosen, words
from glasshouse.report.templates import environment
from glasshouse.web.tutorial import STEPS

COOKIE = "glasshouse-language"


@lru_cache
def templates(language: str) -> Environment:
    """The templates in one language, on the skeleton of the reports; everything that is put into one is escaped.

    Parameters
    ----------
    language : str
        A key of `LANGUAGES`.

    Returns
    -------
    jinja2.Environment
        The environment, with the filter `number` and the messages of the language.
    """
    pages = environment("glasshouse.web", messages=words(language))
    pages.filters["number"] = lambda number: format_decimal(number, locale=language)
    return pages


@dataclass(frozen=True)
class Page:
    """What an answer needs of its request: the language, and the address for links in another one."""

    request: Request

    @property
    def words(self) -> Words:
        """The messages of the language asked for: in the address, else by an earlier choice, else by the browser."""
        asked = self.request.query_params.get("lang") or self.request.cookies.get(COOKIE)
        return words(chosen(asked, self.request.headers.get("accept-language", "")))

    def translated(self, text: str) -> str:
        """Translate a text.

        Parameters
        ----------
        text : str
            The text in English.

        Returns
        -------
        str
            The text in the language asked for; in English if the language does not have it.
        """
        return self.words.gettext(text)

    def html(self, template: str, given: Mapping[str, Any], status: int = 200) -> Response:
        """Fill in a template.

        Parameters
        ----------
        template : str
            File name of the template.
        given : mapping of str to object
            Values for the template, by name; they replace the defaults.
        status : int
            HTTP status of the answer.

        Returns
        -------
        Response
            The page in the language asked for.
        """
        language = self.words.language
        others = {
            code: (name, str(self.request.url.include_query_params(lang=code)))
            for code, name in LANGUAGES.items()
            if code != language
        }
        shown = {
            "language": language,
            "others": others,
            "first_step": STEPS[0].slug,
            "here": "",
            "saved": None,
            **given,
        }
        text = templates(language).get_template(template).render(shown)
        answer = HTMLResponse(text, status, headers={"Content-Language": language, "Vary": "Accept-Language, Cookie"})
        if self.request.query_params.get("lang") == language:
            # Links need not carry the choice from page to page.
            answer.set_cookie(COOKIE, language, samesite="strict", httponly=True)
        return answer


async def texts(request: Request, *names: str) -> dict[str, str]:
    """Read texts that a request brings as JSON.

    Parameters
    ----------
    request : Request
        The request.
    *names : str
        Names of the texts.

    Returns
    -------
    dict of str to str
        The texts, by name.

    Raises
    ------
    ScenarioError
        If the request is not a JSON object with a text of each name, or if one cannot be written as UTF-8.
    """
    try:
        given = await request.json()
        chosen = {name: given[name] for name in names}
        for text in chosen.values():
            # Half a surrogate pair, which JSON can spell, is no text; and only a text has this method.
            text.encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ScenarioError(
            f"The request brings no {' and '.join(names)}. It must be JSON with texts of these names."
        ) from None
    return chosen

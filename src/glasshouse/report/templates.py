"""The HTML templates of reports and web pages. This is the one place where text is escaped.

Templates lie in `templates/`, with the stylesheets that pages carry. Every value that is put into one is escaped, unless it
is `Markup`: what another template wrote, or a chart from `charts.svg`. Nothing else may make `Markup` of a text.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from glasshouse.report.i18n import words

if TYPE_CHECKING:
    from collections.abc import Callable

SKELETON = "skeleton.html"
"""The template that every page extends: document type, metadata, title, style, body."""


def environment(*packages: str, messages: NullTranslations | None = None) -> Environment:
    """Makes an environment in which every value is escaped and a missing one is an error.

    Parameters
    ----------
    *packages : str
        Packages whose folder `templates` is searched before that of the reports.
    messages : gettext.NullTranslations, optional
        What `_` in a template looks up; English by default.

    Returns
    -------
    jinja2.Environment
        The environment; templates of reports, `skeleton.html` among them, are found in it by name.
    """
    found = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in (*packages, __package__)]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.install_gettext_translations(messages or NullTranslations(), newstyle=False)  # type: ignore[attr-defined]
    return found


@cache
def _reports(language: str = "en") -> Environment:
    return environment(messages=words(language))


@dataclass(frozen=True)
class Script:
    """The script of a page and the digest by which the page's content security policy allows it and no other."""

    text: Markup
    digest: str


def script(*names: str) -> Script:
    """Join scripts for a page.

    Parameters
    ----------
    *names : str
        Their paths below `templates`, such as `study/brush.js`.

    Returns
    -------
    Script
        One script.
    """
    text = Markup("\n").join((*(render(name) for name in names), ""))
    return Script(text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())


def render(template: str, locale: str = "en", **values: Any) -> Markup:
    """Fills in a template of the reports.

    Parameters
    ----------
    template : str
        Its path below `templates`, such as `study/methods.html`.
    locale : str, default "en"
        The language of its messages, a key of `LANGUAGES`.
    **values : object
        What it is filled in with, by name; escaped unless it is `Markup`.

    Returns
    -------
    markupsafe.Markup
        The HTML, which other templates take as it is.
    """
    # The only texts that are declared safe: those that a template with escaping has written.
    return Markup(_reports(locale).get_template(template).render(values))


def page(template: str, locale: str = "en", **values: Any) -> str:
    """Fills in the template of a whole page.

    Parameters
    ----------
    template : str
        Its path below `templates`.
    locale : str, default "en"
        The language of its messages, a key of `LANGUAGES`.
    **values : object
        What it is filled in with, as in `render`.

    Returns
    -------
    str
        The page, a text like any other.
    """
    return str(render(template, locale, **values))


@cache
def macro(name: str) -> "Callable[..., Markup]":
    """A macro of `elements.html`, which draws one part of a page.

    Parameters
    ----------
    name : str
        The macro's name, such as `table`.

    Returns
    -------
    callable
        The macro; it takes the element and returns its HTML.
    """
    found: Callable[..., Markup] = getattr(_reports().get_template("elements.html").module, name)
    return found

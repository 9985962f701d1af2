"""The HTML templates of reports and web pages. This is the one place where text is escaped.

Templates lie in `templates/`, with the stylesheets that pages carry. Every value that is put into one is escaped, unless it
is `Markup`: what another template wrote, or a chart from `charts.svg`. Nothing else may make `Markup` of a text.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable

SKELETON = "skeleton.html"
"""The template that every page extends: document type, metadata, title, style, body."""


def environment(*packages: str, extensions: tuple[str, ...] = ()) -> Environment:
    """Makes an environment in which every value is escaped and a missing one is an error.

    Parameters
    ----------
    *packages : str
        Packages whose folder `templates` is searched before that of the reports.
    extensions : tuple of str, optional
        Jinja2 extensions by their import names, such as `jinja2.ext.i18n`.

    Returns
    -------
    jinja2.Environment
        The environment; templates of reports, `skeleton.html` among them, are found in it by name.
    """
    return Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in (*packages, __package__)]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=extensions,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _reports() -> Environment:
    return environment()


def render(template: str, **values: Any) -> Markup:
    """Fills in a template of the reports.

    Parameters
    ----------
    template : str
        Its path below `templates`, such as `study/methods.html`.
    **values : object
        What it is filled in with, by name; escaped unless it is `Markup`.

    Returns
    -------
    markupsafe.Markup
        The HTML, which other templates take as it is.
    """
    # The only texts that are declared safe: those that a template with escaping has written.
    return Markup(_reports().get_template(template).render(values))


def page(template: str, **values: Any) -> str:
    """Fills in the template of a whole page.

    Parameters
    ----------
    template : str
        Its path below `templates`.
    **values : object
        What it is filled in with, as in `render`.

    Returns
    -------
    str
        The page, a text like any other.
    """
    return str(render(template, **values))


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

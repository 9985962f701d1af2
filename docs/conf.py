"""Settings of the documentation site: `scripts/docs` builds it into `build/docs`."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

import reference_pages  # noqa: E402 - found in this folder

import glasshouse  # noqa: E402 - found in src

project = "Glasshouse"
author = "The Glasshouse developers"
copyright = "The Glasshouse developers"  # noqa: A001 - the name that Sphinx reads
version = release = glasshouse.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_click",
    "sphinx_copybutton",
]
exclude_patterns = ["mock"]
html_theme = "furo"
html_title = "Glasshouse"
html_copy_source = False
html_show_sphinx = False
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # docstrings state types, shapes and units
napoleon_google_docstring = False
python_use_unqualified_type_names = True


def setup(app):
    """Write the pages that are generated from the code before Sphinx looks for pages."""
    app.connect("builder-inited", lambda _: reference_pages.write(HERE / "reference"))

"""A chart as an object: it has its finding as title and a sentence to cite, and is saved as SVG, PNG, PDF or data."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Any

from glasshouse.errors import AnalysisError, StoringError
from glasshouse.report.charts import Spec
from glasshouse.results.table import Table
from glasshouse.storage import write_atomic

SCALE = 3.0
"""Pixels of a PNG for each unit of the chart: about 300 dots an inch in print."""

LINE = 58
"""Characters of a line of the title."""


@dataclass(frozen=True)
class Chart:
    """A chart of a run or a study.

    Attributes
    ----------
    title : str
        What the chart shows, as a finding.
    citation : str
        A sentence to cite: the finding with its interval, what it comes from, versions and digests.
    spec : dict
        The chart in Vega-Lite, without its title.
    table : Table
        The figures that are drawn.
    """

    title: str
    citation: str
    spec: Spec
    table: Table

    def to_vega_lite(self) -> dict[str, Any]:
        """The chart with its title, for any program that draws Vega-Lite.

        Returns
        -------
        dict
            The specification, with its data.
        """
        title = {"text": wrap(self.title, LINE), "anchor": "start", "frame": "group", "fontSize": 14, "offset": 12}
        return {**self.spec, "title": title, "background": "white", "padding": 12}

    def save(self, path: str | Path) -> Path:
        """Write the chart in the format that the file's name ends in.

        Parameters
        ----------
        path : str or Path
            A name that ends in .svg, .png, .pdf, .json (Vega-Lite), or .csv or .parquet (the figures that are drawn).

        Returns
        -------
        Path
            The file.

        Raises
        ------
        StoringError
            For another ending, or if the file cannot be written.
        AnalysisError
            If a picture is asked for and vl-convert is not installed; the message says what to type.
        """
        path = Path(path)
        if path.suffix in (".csv", ".parquet"):
            self.table.save(path)
            return path
        if path.suffix not in WRITERS:
            raise StoringError(
                f"{path}: a chart is saved as {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}. Change the ending."
            )
        write_atomic(path, WRITERS[path.suffix](self.to_vega_lite()), "the chart")
        return path

    def _repr_mimebundle_(self, **_: object) -> Mapping[str, object]:
        svg = str(_svg(self.to_vega_lite()))
        return {"text/html": f"{svg}<p>{escape(self.citation)}</p>", "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"Chart: {self.title}\n{self.citation}"


def _converter() -> Any:
    try:
        import vl_convert
    except ModuleNotFoundError as error:
        if error.name != "vl_convert":
            raise
        raise AnalysisError(
            "Drawing a chart needs vl-convert, which is not installed. Install it: "
            "python -m pip install vl-convert-python. Without it, save the chart as .json, .csv or .parquet."
        ) from None
    return vl_convert


def _svg(spec: Spec) -> str:
    return str(_converter().vegalite_to_svg(json.dumps(spec, allow_nan=False)))


def _png(spec: Spec) -> bytes:
    return bytes(_converter().vegalite_to_png(json.dumps(spec, allow_nan=False), scale=SCALE))


def _pdf(spec: Spec) -> bytes:
    return bytes(_converter().vegalite_to_pdf(json.dumps(spec, allow_nan=False)))


def _json(spec: Spec) -> str:
    return json.dumps(spec, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


WRITERS: dict[str, Callable[[Spec], str | bytes]] = {".svg": _svg, ".png": _png, ".pdf": _pdf, ".json": _json}
ENDINGS = (*WRITERS, ".csv", ".parquet")

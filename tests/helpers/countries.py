"""A file of marginals of an invented country, which tests change.

The figures are rounded ones of the Netherlands about 2021, recalled: a test of the generator, and no source.
"""

from collections.abc import Container

BANDS = [f"{first}-{first + 4}" for first in range(0, 90, 5)] + ["90+"]


def row(*shares: float) -> str:
    return ", ".join(f'"{band}" = {float(share)}' for band, share in zip(BANDS, shares, strict=True))


TABLES = {
    "age": row(
        0.049, 0.051, 0.054, 0.058, 0.064, 0.066, 0.064, 0.061, 0.057, 0.063, 0.073, 0.073, 0.066, 0.058, 0.056, 0.039,
        0.026, 0.015, 0.007,
    ),
    "sex": "female = 0.503, male = 0.497",
    "residence": "urban = 0.85, rural = 0.15",
    "migrant": '"urban/migrant" = 0.16, "rural/migrant" = 0.06',
    "minority": "minority = 0.176, majority = 0.824",
    "household": '"1" = 0.39, "2" = 0.327, "3" = 0.116, "4" = 0.118, "5" = 0.04, "6" = 0.006, "7" = 0.002, "8" = 0.0005, "9" = 0.0005',
    "education": 'none = 0.07, primary = 0.18, "lower secondary" = 0.15, "upper secondary" = 0.33, college = 0.27',
    "online": '"urban/online" = 0.96, "rural/online" = 0.94',
    "employment": '"legal unit" = 0.44, "self-employed unit" = 0.09, farm = 0.01, none = 0.46',
}  # fmt: skip
DIMENSIONS = {"migrant": '"residence", "migrant"', "online": '"residence", "online"', "household": '"household size"'}
SHAPES = {
    "headship": row(0, 0, 0, 0.05, 0.4, 0.6, 0.6, 0.58, 0.57, 0.57, 0.57, 0.58, 0.6, 0.62, 0.64, 0.68, 0.72, 0.75, 0.7),
    "work": row(0, 0, 0, 0.6, 0.8, 0.88, 0.88, 0.87, 0.87, 0.87, 0.86, 0.81, 0.66, 0.2, 0.1, 0.05, 0.02, 0, 0),
    "online": row(0.8, 0.97, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6),
}
FIGURES = {
    "income_urban": 35_000.0, "income_rural": 35_500.0, "gini_urban": 0.29, "gini_rural": 0.27, "unit_mean": 11.0,
    "own_account_mean": 1.1, "parent_age": 31.5, "parent_age_spread": 4.8,
}  # fmt: skip
COUPLING = {"schooling_by_age": 0.1, "schooling_in_town": 0.3, "children_at_home": 43.0, "parents_from": 62.0}
MEANINGS = 'migrant = "born abroad"\nminority = "of an origin outside Europe"\nrural = "in villages"'
SOURCE = 'source = "recalled"\nconfidence = "recalled"\n'


def text(left_out: Container[str] = (), **changed: str) -> str:
    """A file of marginals, with other cells in the tables or shapes that are named."""
    groups = changed.get("meanings", MEANINGS)
    parts = ['title = "A country"', f"[meanings]\n{groups}"]
    for name, cells in TABLES.items():
        if name in left_out:
            continue
        cells = changed.get(name, cells)
        about = DIMENSIONS.get(name, f'"{name}"') if f"{name}_about" not in changed else changed[f"{name}_about"]
        parts.append(f"[{name}]\ndimensions = [{about}]\npeople = 17_500_000\n{SOURCE}cells = {{ {cells} }}")
    for name, cells in SHAPES.items():
        parts.append(f"[shapes.{name}]\n{SOURCE}cells = {{ {changed.get(f'shape_{name}', cells)} }}")
    for head, figures in (("figures", FIGURES), ("shapes.figures", COUPLING)):
        lines = [
            f'{name} = {{ value = {value}, source = "recalled", confidence = "recalled" }}'
            for name, value in figures.items()
        ]
        parts.append("\n".join([f"[{head}]", *lines, changed.get(head, "")]))
    return "\n\n".join([*parts, changed.get("more", "")])

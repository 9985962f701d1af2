"""Pages on disk: whole or not at all."""

from pathlib import Path

from glasshouse.errors import StoringError


def save(text: str, path: Path, what: str) -> None:
    """Writes a page beside its place and moves it there; StoringError, which calls it `what`, if that fails."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise StoringError(
            f"{path}: {what} cannot be written ({error.strerror}). Free space there or choose another folder."
        ) from error

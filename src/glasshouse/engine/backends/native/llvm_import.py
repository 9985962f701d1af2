"""Imports LLVM, and says what is in the way where that fails."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from glasshouse.errors import CompilationError


def import_llvm() -> ModuleType:
    """Import llvmlite, through which LLVM compiles the model.

    Returns
    -------
    ModuleType
        `llvmlite.binding`.

    Raises
    ------
    CompilationError
        If it cannot be imported. Where a file or folder of the user has the name of a package that Numba needs, the message
        names it.
    """
    try:
        return import_module("llvmlite.binding")
    except Exception as error:
        raise CompilationError(
            f"llvmlite, which compiles the model, cannot be imported ({type(error).__name__}: {error}). {_advice(error)}"
        ) from error


def _advice(error: Exception) -> str:
    place = _place(error)
    if place is None:
        return "Install Glasshouse anew, in an environment of its own."
    return (
        f"Python took “{place.name}” in {place.parent} for an installed package of that name. Rename it, or start in another "
        f"folder and without this one in PYTHONPATH."
    )


def _place(error: Exception) -> Path | None:
    """The file or folder that was imported instead of an installed package; None if it is installed or unknown."""
    module: Any = getattr(error, "obj", None)
    if isinstance(module, ModuleType):
        places = [*(getattr(module, "__path__", None) or ()), getattr(module, "__file__", None)]
    else:
        # Of an import that failed, the module that lacks something.
        places = [getattr(error, "path", None)] if getattr(error, "path", None) else _top_level(error)
    for place in places:
        if place and "site-packages" not in Path(place).parts:
            return Path(place).parent if Path(place).name == "__init__.py" else Path(place)
    return None


def _top_level(error: Exception) -> list[str]:
    """Where the package lies in which a module was not found."""
    package = sys.modules.get(str(getattr(error, "name", None) or "").partition(".")[0])
    # A single file has no folder of its own.
    return list(getattr(package, "__path__", None) or filter(None, [getattr(package, "__file__", None)]))

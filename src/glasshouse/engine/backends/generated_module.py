"""The generated file of one pass as a Python module, with its machine code beside it."""

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import ModuleType

from glasshouse.engine.backends.cache_folder import PRIVATE, cache_folder, private_folder
from glasshouse.engine.compiler.layout import digest
from glasshouse.errors import StoringError
from glasshouse.storage import locked, write_atomic

COMPILE_SECONDS = 600.0
"""How long to wait for another process that compiles the same module, which takes a minute."""


class GeneratedModule:
    """A file of generated source in the cache folder, named by the hash of its text.

    Parameters
    ----------
    text : str
        The source.
    folder : Path or None
        Where the file and its machine code are kept; the user's cache folder if None. If others may write there, a private
        folder is used instead.
    """

    def __init__(self, text: str, folder: Path | None) -> None:
        self.text = text
        # Named by content: a changed model can never meet the machine code of another.
        name = f"week_{digest(text)}"
        self.folder = private_folder(folder or cache_folder(), name)
        self.path = self.folder / name / f"{name}.py"
        self._module: ModuleType | None = None

    def has_machine_code(self) -> bool:
        """Check whether the cache holds machine code for this source already, that of the loop over districts included.

        That loop is compiled after the one over citizens, so what is half compiled does not count.

        Returns
        -------
        bool
            Whether it does.
        """
        return any(self.path.parent.glob("__pycache__/*.districts-*.nbc"))

    @contextmanager
    def compiling(self) -> Iterator[None]:
        """Wait while another process compiles the same module, and keep others waiting meanwhile.

        Many processes often start at once with an empty cache; all but one of them then load what that one compiled.
        There is nothing to wait for once the machine code is there, nor where the cache has no locks. A process that waits
        longer than compiling takes goes on without the lock.

        Yields
        ------
        None
            While others wait.
        """
        with ExitStack() as lock:
            if not self.has_machine_code():
                with suppress(StoringError):
                    lock.enter_context(locked(self.path.parent, COMPILE_SECONDS))
            yield

    def load(self) -> ModuleType:
        """Write and import the module if that has not happened yet; nothing is compiled by that.

        Returns
        -------
        ModuleType
            The generated module.

        Raises
        ------
        StoringError
            If the file cannot be written or imported.
        """
        if self._module is None:
            write(self.path, self.text)
            spec = importlib.util.spec_from_file_location(self.path.stem, self.path)
            if spec is None or spec.loader is None:
                raise StoringError(f"{self.path} cannot be imported. Remove the folder {self.folder} and start again.")
            module = importlib.util.module_from_spec(spec)
            # Numba finds the module of cached machine code by name.
            sys.modules[self.path.stem] = module
            try:
                spec.loader.exec_module(module)
            except RuntimeError as error:
                raise StoringError(
                    f"Machine code cannot be kept beside {self.path} ({error}). Name a folder that can be written in "
                    f"the environment variable GLASSHOUSE_CACHE."
                ) from error
            self._module = module
        return self._module

    def discard(self) -> None:
        """Throws the machine code away, so that the module is compiled again."""
        shutil.rmtree(self.path.parent / "__pycache__", ignore_errors=True)
        self._module = None


def write(path: Path, text: str) -> None:
    """The file, whole or not at all: written beside its place and moved there, in folders that are private if they are new.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        Its content.

    Raises
    ------
    StoringError
        If it cannot be written.
    """
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    advice = "Free space there, or name a writable folder in the environment variable GLASSHOUSE_CACHE."
    missing = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
    for folder in reversed(missing):
        try:
            folder.mkdir(mode=PRIVATE, exist_ok=True)
        except OSError as error:
            raise StoringError(f"{folder} cannot be made ({error.strerror}). {advice}") from error
    write_atomic(path, text, "the generated code of the model", advice)

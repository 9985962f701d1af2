"""The generated file of one pass, with its machine code beside it."""

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import SimpleNamespace

from glasshouse.engine.backends.cache_folder import PRIVATE, cache_folder, private_folder
from glasshouse.engine.backends.native.machine_code import compiled, loaded, machine, opened, sealed
from glasshouse.engine.backends.native.number_types import Type
from glasshouse.engine.backends.native.program import Program
from glasshouse.engine.compiler.layout import digest
from glasshouse.errors import StoringError
from glasshouse.storage import locked, write_atomic

COMPILE_SECONDS = 600.0
"""How long to wait for another process that compiles the same module, which takes seconds."""

SUFFIX = ".o"
"""How the names of files of machine code end."""

ADVICE = "Free space there, or name a writable folder in the environment variable GLASSHOUSE_CACHE."
"""What to do where a file cannot be written."""


class GeneratedModule:
    """A file of generated source in the cache folder, named by the hash of its text, with its machine code beside it.

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

    def has_machine_code(self) -> bool:
        """Check whether the cache holds machine code of this source for this machine already.

        Returns
        -------
        bool
            Whether it does.
        """
        return any(self.path.parent.glob(f"{digest(machine())}-*{SUFFIX}"))

    def load(self, loops: Mapping[str, tuple[Type, ...]]) -> SimpleNamespace:
        """Load the machine code of some functions, which is compiled if it is not there.

        Many processes often start at once with an empty cache; all but one of them wait and load what that one compiled. A
        process that waits longer than compiling takes goes on by itself, as does one whose cache has no locks.

        Parameters
        ----------
        loops : mapping of str to tuple of Type
            The functions to be called from Python, and the types of their arguments.

        Returns
        -------
        SimpleNamespace
            A `CompiledFunction` under each name.

        Raises
        ------
        CompilationError
            If the source cannot be compiled.
        StoringError
            If the file or its machine code cannot be written.
        """
        write(self.path, self.text)
        place = self.path.parent / f"{digest(machine())}-{digest(repr(sorted(loops.items())))}{SUFFIX}"
        code = _read(place)
        if code is None:
            with ExitStack() as lock:
                with suppress(StoringError):
                    lock.enter_context(locked(self.path.parent, COMPILE_SECONDS))
                code = _read(place)
                if code is None:
                    code = compiled(Program(self.text).lower(loops))
                    write_atomic(place, sealed(code), "the machine code of the model", ADVICE)
        return loaded(code, loops)


def _read(place: Path) -> bytes | None:
    """Stored machine code; None if there is none, or if it is damaged."""
    try:
        return opened(place.read_bytes())
    except (OSError, StoringError):
        return None


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
    missing = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
    for folder in reversed(missing):
        try:
            folder.mkdir(mode=PRIVATE, exist_ok=True)
        except OSError as error:
            raise StoringError(f"{folder} cannot be made ({error.strerror}). {ADVICE}") from error
    write_atomic(path, text, "the generated code of the model", ADVICE)

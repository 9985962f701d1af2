"""Exceptions, one class for each phase of a run.

Each message says what came, what was expected and what to do. The command line prints the message alone: a user never
meets a traceback for a mistake of their own.
"""

from glasshouse.terminal import escaped

DISTRIBUTION = "glasshouse-lab"
"""Name of the installed distribution, under which `pip` knows the package; import and command are `glasshouse`."""


def install_command(extra: str) -> str:
    """The command that installs the libraries of an extra.

    Parameters
    ----------
    extra : str
        Name of the extra, for instance `analysis`.

    Returns
    -------
    str
        The command for a shell.
    """
    return f"python -m pip install '{DISTRIBUTION}[{extra}]'"


class GlasshouseError(Exception):
    """Any failure that Glasshouse explains; `exit_code` is what the command line returns for it."""

    exit_code = 1

    def __str__(self) -> str:
        # Messages repeat file names and texts, and end on terminals.
        return escaped(super().__str__())


class GlasshouseWarning(UserWarning):
    """Something that a user should know of while the work goes on."""


class ScenarioError(GlasshouseError):
    """A scenario or setting that cannot be run.

    Parameters
    ----------
    *faults
        Every fault found, one sentence each; also the attribute `faults`.
    """

    exit_code = 2

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class PluginError(GlasshouseError):
    """A plug-in whose code does not load or does not keep the contract.

    Parameters
    ----------
    *faults
        Every fault found, one sentence each, with the name of the plug-in.
    """

    exit_code = 2

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))


class SynthesisError(GlasshouseError):
    """A population that cannot be built from the given marginals."""


class CompilationError(GlasshouseError):
    """Mechanisms that do not fit together, or a kernel outside the contract."""


class RunningError(GlasshouseError):
    """A run that cannot start, go on or be resumed."""


class AnalysisError(GlasshouseError):
    """A result that does not allow the analysis asked for, or a library that the analysis needs and that is missing."""


class StoringError(GlasshouseError):
    """A file that cannot be written, or that is damaged, foreign or half-written."""

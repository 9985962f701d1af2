"""The instructions of a function, in basic blocks: stretches that are entered at their label and left at their end."""

from glasshouse.engine.backends.native.number import Number
from glasshouse.engine.backends.native.number_types import llvm


class BasicBlocks:
    """Collects the instructions of one function.

    Attributes
    ----------
    lines : list of str
        The instructions in order.
    slots : list of str
        Instructions that belong at the beginning: the places of locals.
    block : str
        Label of the present basic block.
    ended : bool
        Whether the present basic block has ended, so that nothing that follows is reached.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.slots: list[str] = []
        self.block, self.ended = "entry", False
        self._count = 0

    def write(self, text: str) -> None:
        """Add an instruction that has no value.

        Parameters
        ----------
        text : str
            The instruction.
        """
        self.lines.append(f"  {text}")

    def value(self, kind: str, text: str) -> Number:
        """Add an instruction that has a value.

        Parameters
        ----------
        kind : str
            Type of the value.
        text : str
            The instruction.

        Returns
        -------
        Number
            The value.
        """
        return Number(kind, self.register(text))

    def register(self, text: str) -> str:
        """Add an instruction and give its value a register.

        Parameters
        ----------
        text : str
            The instruction.

        Returns
        -------
        str
            The register.
        """
        self._count += 1
        self.lines.append(f"  %v.{self._count} = {text}")
        return f"%v.{self._count}"

    def slot(self, kind: str) -> str:
        """A place for a number, which LLVM turns into registers.

        Parameters
        ----------
        kind : str
            Type of the number.

        Returns
        -------
        str
            The pointer.
        """
        self._count += 1
        self.slots.append(f"  %s.{self._count} = alloca {llvm(kind)}")
        return f"%s.{self._count}"

    def label(self) -> str:
        """A new label.

        Returns
        -------
        str
        """
        self._count += 1
        return f"l{self._count}"

    def begin(self, label: str) -> None:
        """Begin a basic block.

        Parameters
        ----------
        label : str
            Its label.
        """
        self.lines.append(f"{label}:")
        self.block, self.ended = label, False

    def jump(self, label: str) -> None:
        """End the basic block, if it has not ended, by going on elsewhere.

        Parameters
        ----------
        label : str
            Where to.
        """
        if not self.ended:
            self.write(f"br label %{label}")
        self.ended = True

    def branch(self, test: Number, yes: str, no: str) -> None:
        """End the basic block by going to one of two others.

        Parameters
        ----------
        test : Number
            A bool.
        yes : str
            Where to if it is true.
        no : str
            Where to if it is not.
        """
        self.write(f"br i1 {test.text}, label %{yes}, label %{no}")
        self.ended = True

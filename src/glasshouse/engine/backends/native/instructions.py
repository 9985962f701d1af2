"""Single instructions of LLVM's intermediate representation: conversions, arithmetic, comparisons, memory, branches."""

import struct
from dataclasses import dataclass

from glasshouse.engine.backends.native.number_types import (
    BOOL,
    FLOAT32,
    FLOAT64,
    INT64,
    WHOLE,
    arithmetic,
    is_float,
    llvm,
    signed,
    stored,
)

FLOAT_OPERATIONS = {"Add": "fadd", "Sub": "fsub", "Mult": "fmul"}
WHOLE_OPERATIONS = {
    "Add": "add", "Sub": "sub", "Mult": "mul", "LShift": "shl", "BitAnd": "and", "BitOr": "or", "BitXor": "xor",
}  # fmt: skip
FLOAT_COMPARISONS = {"Lt": "olt", "LtE": "ole", "Gt": "ogt", "GtE": "oge", "Eq": "oeq", "NotEq": "une"}
WHOLE_COMPARISONS = {"Lt": "lt", "LtE": "le", "Gt": "gt", "GtE": "ge"}
"""LLVM's names of Python's operators, as the syntax tree calls these."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the intermediate representation.

    Parameters
    ----------
    kind : str
        Its type.
    text : str
        A register or a literal.
    """

    kind: str
    text: str

    @property
    def literal(self) -> bool:
        """Whether it is a literal.

        Returns
        -------
        bool
        """
        return not self.text.startswith("%")


def constant(value: float, kind: str) -> Number:
    """A literal.

    Parameters
    ----------
    value : bool, int or float
        The value.
    kind : str
        Its type.

    Returns
    -------
    Number
    """
    if kind == BOOL:
        return Number(kind, "true" if value else "false")
    # The bits in hexadecimal notation, since decimal digits may be rounded on the way.
    bits = struct.unpack("<Q", struct.pack("<d", value))[0] if kind == FLOAT64 else None
    return Number(kind, str(value) if bits is None else f"0x{bits:016X}")


class Instructions:
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
        yes, no : str
            Where to if it is true, and if not.
        """
        self.write(f"br i1 {test.text}, label %{yes}, label %{no}")
        self.ended = True

    def converted(self, number: Number, kind: str) -> Number:
        """A number as another type: fractions are cut towards zero, whole numbers to their last bits.

        Parameters
        ----------
        number : Number
            The number.
        kind : str
            The type.

        Returns
        -------
        Number
        """
        have = number.kind
        if have == kind:
            return number
        if kind == BOOL:
            test = "fcmp une" if is_float(have) else "icmp ne"
            return self.value(kind, f"{test} {llvm(have)} {number.text}, {'0.0' if is_float(have) else '0'}")
        if kind == FLOAT32:
            return self.value(kind, f"fptrunc double {self.converted(number, FLOAT64).text} to float")
        if kind == FLOAT64:
            if number.literal and have in WHOLE:
                return constant(float(int(number.text)), kind)
            step = "fpext" if have == FLOAT32 else "sitofp" if signed(have) else "uitofp"
        elif is_float(have):
            step = "fptosi" if signed(kind) else "fptoui"
        elif have != BOOL and WHOLE[have][0] >= WHOLE[kind][0]:
            if WHOLE[have][0] == WHOLE[kind][0]:
                return Number(kind, number.text)
            step = "trunc"
        else:
            step = "sext" if signed(have) else "zext"
        return self.value(kind, f"{step} {llvm(have)} {number.text} to {llvm(kind)}")

    def truth(self, number: Number) -> Number:
        """Whether a number is not zero.

        Parameters
        ----------
        number : Number
            The number.

        Returns
        -------
        Number
            A bool.
        """
        return self.converted(number, BOOL)

    def compared(self, operator: str, left: Number, right: Number) -> Number:
        """A comparison of two numbers.

        Parameters
        ----------
        operator : str
            Name of its class in the syntax tree.
        left, right : Number
            The numbers.

        Returns
        -------
        Number
            A bool.
        """
        kind = arithmetic(left.kind, right.kind)
        left, right = self.converted(left, kind), self.converted(right, kind)
        if kind == FLOAT64:
            step = f"fcmp {FLOAT_COMPARISONS[operator]}"
        elif operator in WHOLE_COMPARISONS:
            step = f"icmp {'s' if signed(kind) else 'u'}{WHOLE_COMPARISONS[operator]}"
        else:
            step = "icmp eq" if operator == "Eq" else "icmp ne"
        return self.value(BOOL, f"{step} {llvm(kind)} {left.text}, {right.text}")

    def chosen(self, test: Number, yes: Number, no: Number) -> Number:
        """One of two numbers of one type.

        Parameters
        ----------
        test : Number
            A bool.
        yes, no : Number
            What it is if the test is true, and if not.

        Returns
        -------
        Number
        """
        kind = llvm(yes.kind)
        return self.value(yes.kind, f"select i1 {test.text}, {kind} {yes.text}, {kind} {no.text}")

    def computed(self, operator: str, left: Number, right: Number, kind: str) -> Number:
        """The result of an operator with two sides.

        Parameters
        ----------
        operator : str
            Name of its class in the syntax tree.
        left, right : Number
            The sides.
        kind : str
            Type of the result.

        Returns
        -------
        Number
        """
        left, right = self.converted(left, kind), self.converted(right, kind)
        if operator in ("FloorDiv", "Mod"):
            return self._floored(operator, left, right)
        if operator == "Div":
            step = "fdiv"
        elif operator == "RShift":
            step = "ashr" if signed(kind) else "lshr"
        else:
            step = (FLOAT_OPERATIONS if kind == FLOAT64 else WHOLE_OPERATIONS)[operator]
        return self.value(kind, f"{step} {llvm(kind)} {left.text}, {right.text}")

    def _floored(self, operator: str, left: Number, right: Number) -> Number:
        """`//` or `%` of whole numbers, rounded downwards; 0 for a divisor of 0."""
        kind, name = left.kind, llvm(left.kind)
        one, zero = Number(kind, "1"), Number(kind, "0")
        plain = right.literal and int(right.text) > 0
        is_zero = None if plain else self.compared("Eq", right, zero)
        divisor = right
        if is_zero is not None:
            # Processors stop at a division by zero and at one of the least number by -1, which is a change of sign here.
            is_minus = self.compared("Eq", right, Number(kind, "-1"))
            unsafe = self.value(BOOL, f"or i1 {is_zero.text}, {is_minus.text}")
            divisor = self.chosen(unsafe, one, right)
        rest = self.value(kind, f"{'srem' if signed(kind) else 'urem'} {name} {left.text}, {divisor.text}")
        if operator == "FloorDiv":
            found = self.value(kind, f"{'sdiv' if signed(kind) else 'udiv'} {name} {left.text}, {divisor.text}")
        else:
            found = rest
        if signed(kind):
            mixed = self.value(kind, f"xor {name} {rest.text}, {divisor.text}")
            differs = self.compared("Lt", mixed, zero)
            uneven = self.compared("NotEq", rest, zero)
            below = self.value(BOOL, f"and i1 {differs.text}, {uneven.text}")
            step = (
                f"sub {name} {found.text}, 1" if operator == "FloorDiv" else f"add {name} {found.text}, {divisor.text}"
            )
            found = self.chosen(below, self.value(kind, step), found)
        if is_zero is None:
            return found
        if operator == "FloorDiv" and signed(kind):
            found = self.chosen(is_minus, self.value(kind, f"sub {name} 0, {left.text}"), found)
        return self.chosen(is_zero, zero, found)

    def loaded(self, pointer: str, kind: str, align: int) -> Number:
        """A number from memory.

        Parameters
        ----------
        pointer : str
            Where it is.
        kind : str
            Its type.
        align : int
            What the address is certainly a multiple of.

        Returns
        -------
        Number
        """
        found = self.register(f"load {stored(kind)}, ptr {pointer}, align {align}")
        return self.value(BOOL, f"icmp ne i8 {found}, 0") if kind == BOOL else Number(kind, found)

    def kept(self, number: Number, pointer: str, kind: str, align: int) -> None:
        """A number into memory.

        Parameters
        ----------
        number : Number
            The number.
        pointer : str
            Where to.
        kind : str
            The type that it has there.
        align : int
            What the address is certainly a multiple of.
        """
        text = self.converted(number, kind).text
        if kind == BOOL:
            text = self.register(f"zext i1 {text} to i8")
        self.write(f"store {stored(kind)} {text}, ptr {pointer}, align {align}")

    def offset(self, *terms: tuple[Number, str]) -> str:
        """A sum of products of two 64-bit whole numbers.

        Parameters
        ----------
        *terms : tuple of (Number, str)
            Pairs of factors.

        Returns
        -------
        str
            The register.
        """
        total = ""
        for number, factor in terms:
            product = number.text if factor == "1" else self.register(f"mul i64 {number.text}, {factor}")
            total = self.register(f"add i64 {total}, {product}") if total else product
        return total


def whole_literal(value: int) -> Number:
    """A 64-bit whole number with sign.

    Parameters
    ----------
    value : int
        The number.

    Returns
    -------
    Number
    """
    return Number(INT64, str(value))

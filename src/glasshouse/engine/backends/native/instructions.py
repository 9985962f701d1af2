"""Single instructions of LLVM's intermediate representation: conversions, arithmetic, comparisons, memory."""

from glasshouse.engine.backends.native.basic_blocks import BasicBlocks
from glasshouse.engine.backends.native.number import Number, constant
from glasshouse.engine.backends.native.number_types import (
    BOOL,
    FLOAT32,
    FLOAT64,
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


class Instructions(BasicBlocks):
    """Adds instructions that convert, compare and compute numbers, and that load and store them."""

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
        left : Number
            The number before the operator.
        right : Number
            The number after it.

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
        yes : Number
            What it is if the test is true.
        no : Number
            What it is if the test is not true.

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
        left : Number
            The number before the operator.
        right : Number
            The number after it.
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

"""From the generated text to machine code: types are inferred, LLVM's intermediate representation is written, LLVM compiles it.

The generated text is Python of a small kind: numbers, arrays, records, branches and loops (`engine.compiler` says what a
kernel may hold). It is lowered directly, function by function and statement by statement, so that compiling the whole
model takes seconds:

1. `number_types` has the types and what comes of two of them.
2. `type_inference` gives every local of a function one type, from the types of its arguments.
3. `instructions` writes single instructions in `basic_blocks`, `number` has their operands. `places` finds what lies where;
   `expressions` and `statements` are lowered with these.
4. `program` gathers the functions of a text, each once for the types that it is called with.
5. `machine_code` has LLVM optimise and compile that, and calls the result.

Numbers are computed as Python computes them, apart from the width: whole numbers wrap around at 64 bits, and a division by
zero gives what IEEE 754 says, or 0 for whole numbers. Floating-point operations are neither reordered nor joined.
"""

"""The compiler: from the kernels of mechanisms to one pass over the population.

A kernel goes this way; each step has its file:

1. **Parse.** `source` reads the text of a function into a syntax tree.
2. **Effects.** `effects` tells what a kernel reads, assigns and sends. `memory_layout` lays out the memory of the whole
   model from what the mechanisms declare (`records`, `packing`), after `checks` has found that they fit together. `layout`
   gives each kernel a table of the `symbols` that it may use.
3. **Check.** `grammar` refuses what an interpreter and a compiler could read differently, `loop_bounds` loops that cannot be
   shown to end. Sums of code from elsewhere stop at a limit (`sum_limits`).
4. **Scalar function.** `rewrite` turns a kernel into a function of scalars. `transformer` walks its statements, with
   `field_access` for records, `verbs` for `draw`, `add`, `send` and their kind (`agent_access` in the sequential
   schedule), and `scope` for what these share. `pairing` does the same for kernels that compare two arms.
5. **Loops.** `codegen` chains the functions into one file of source text, with loops over citizens, firms, districts and
   the centre. `statements` writes loads, calls and stores; `place_loops` the loops over places; `contacts` the counting
   of what contacts show.
6. **Machine code.** `glasshouse.engine.backends.native` has LLVM compile the text, `glasshouse.engine.backends.cpu` runs it.

The generated file needs nothing but NumPy. Its name is the hash of its text, so that it
changes whenever a kernel, a helper or a table does. `glasshouse.engine.backends.interpreter` runs the kernels as they stand;
tests demand the same bytes from both.
"""

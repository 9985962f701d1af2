"""LLVM makes machine code of a program, which is stored and loaded, and whose functions Python calls."""

import ctypes
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from glasshouse.engine.backends.native.llvm_import import import_llvm
from glasshouse.engine.backends.native.number_types import UINT32, ArrayType, Type
from glasshouse.errors import StoringError

LEVEL = 3
"""LLVM's level of optimisation. None of its levels changes what floating-point operations give."""

CODE_MODEL = "jitdefault"
"""How far code may be from what it refers to: any distance, since code and tables are loaded wherever there is room."""

CHECKSUM = 32
"""Bytes of the checksum before stored machine code."""


@lru_cache(maxsize=1)
def machine() -> str:
    """What machine code depends on beside the generated text: the processor, the version of LLVM, and the lowering.

    Returns
    -------
    str
    """
    llvm = import_llvm()
    version = ".".join(map(str, llvm.llvm_version_info))
    # By its source, so that machine code of a former lowering, which may have had a fault, is not loaded.
    sources = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    lowering = hashlib.sha256(sources).hexdigest()
    return f"{version} {llvm.get_process_triple()} {llvm.get_host_cpu_name()} {_features()} {CODE_MODEL} {lowering}"


def compiled(program: str) -> bytes:
    """Machine code of a program for this machine.

    Parameters
    ----------
    program : str
        LLVM's intermediate representation.

    Returns
    -------
    bytes
        An object file.
    """
    llvm = import_llvm()
    target = _target()
    module = llvm.parse_assembly(program)
    module.triple, module.data_layout = llvm.get_process_triple(), str(target.target_data)
    # Without vector code: rows of contacts are short, and vector code for them costs a fifth of the speed.
    options = llvm.create_pipeline_tuning_options(LEVEL)
    options.loop_vectorization = options.slp_vectorization = False
    builder = llvm.create_pass_builder(target, options)
    builder.getModulePassManager().run(module, builder)
    found: bytes = target.emit_object(module)
    return found


def sealed(code: bytes) -> bytes:
    """Machine code with a checksum before it.

    Parameters
    ----------
    code : bytes
        An object file.

    Returns
    -------
    bytes
    """
    return hashlib.sha256(code).digest() + code


def opened(content: bytes) -> bytes:
    """Machine code without its checksum.

    Parameters
    ----------
    content : bytes
        What `sealed` returned.

    Returns
    -------
    bytes
        The object file.

    Raises
    ------
    StoringError
        If the content does not match the checksum.
    """
    code = content[CHECKSUM:]
    # LLVM ends the process on a damaged object file, so nothing of the kind may reach it.
    if hashlib.sha256(code).digest() != content[:CHECKSUM]:
        raise StoringError("the stored machine code is damaged")
    return code


def loaded(code: bytes, functions: Mapping[str, tuple[Type, ...]]) -> SimpleNamespace:
    """The functions of machine code.

    Parameters
    ----------
    code : bytes
        An object file.
    functions : mapping of str to tuple of Type
        The functions and the types of their arguments.

    Returns
    -------
    SimpleNamespace
        A `CompiledFunction` under each name.
    """
    llvm = import_llvm()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    found = {name: CompiledFunction(engine, name, kinds) for name, kinds in functions.items()}
    return SimpleNamespace(**found)


class CompiledFunction:
    """A compiled function, called from Python without its interpreter lock.

    Parameters
    ----------
    engine : llvmlite.binding.ExecutionEngine
        Holds the machine code.
    name : str
        The function.
    kinds : tuple of Type
        The types of its arguments.
    """

    def __init__(self, engine: Any, name: str, kinds: tuple[Type, ...]) -> None:
        # The engine owns the memory in which the machine code lies.
        self._engine, self._kinds = engine, kinds
        words: list[Any] = []
        for kind in kinds:
            if isinstance(kind, ArrayType):
                words += [ctypes.c_void_p, *[ctypes.c_int64] * kind.dimensions]
            else:
                words.append(ctypes.c_uint32 if kind == UINT32 else ctypes.c_int64)
        self._function = ctypes.CFUNCTYPE(None, *words)(engine.get_function_address(name))

    def __call__(self, *arguments: Any) -> None:
        """Call the function.

        Parameters
        ----------
        *arguments : int or array
            Numbers and arrays, of the types for which it was compiled.

        Raises
        ------
        TypeError
            For an array of another type, or whose elements do not lie one after the other.
        """
        words: list[int] = []
        for argument, kind in zip(arguments, self._kinds, strict=True):
            if not isinstance(kind, ArrayType):
                words.append(int(argument))
                continue
            if argument.dtype != kind.dtype or argument.ndim != kind.dimensions or not argument.flags.c_contiguous:
                raise TypeError(f"an array of {argument.dtype} came where {kind} was compiled")
            # Its __array_interface__ would describe every field of a structured type anew.
            words.append(argument.ctypes.data)
            words += argument.shape
        self._function(*words)


def type_of(argument: Any) -> Type:
    """The type of an argument.

    Parameters
    ----------
    argument : int, numpy.uint32 or array
        The argument.

    Returns
    -------
    Type
    """
    if isinstance(argument, np.ndarray):
        return ArrayType(argument.ndim, argument.dtype)
    return UINT32 if isinstance(argument, np.uint32) else "int64"


def _features() -> str:
    features: str = import_llvm().get_host_cpu_features().flatten()
    return features


def _target() -> Any:
    llvm = import_llvm()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=_features(), opt=LEVEL, reloc="default", codemodel=CODE_MODEL, jit=True
    )

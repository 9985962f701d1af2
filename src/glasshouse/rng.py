"""Random numbers that depend on who, what and when, never on the order of calls.

A draw is a pure function of (seed, stream, entity, week). Two arms that share a seed therefore share their random numbers, and
no thread count, partition or interruption can change a number. The generator is Philox4x32-10 (Salmon, Moraes, Dror
and Shaw 2011, “Parallel random numbers: as easy as 1, 2, 3”, SC'11), checked in the tests against the known-answer
vectors of Random123.

Two spellings of one function live here: `philox4x32` for compilers (fixed-width integers) and `philox4x32_plain` for
the uncompiled twin (Python integers). The tests demand that they agree. This module holds no state.
"""

import hashlib
from zlib import crc32

import numpy as np

WORDS = 4
"""Numbers that one call of the generator gives; draws of one stream share calls in groups of this size."""

EVERYDAY = "everyday"
"""Stream of the one generator call a citizen and week that all mechanisms share."""

U32 = 2.0**-32
"""A draw is a 32-bit word times this: uniform on [0, 1), never 1."""


def philox4x32(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Four words of Philox4x32-10 for a 128-bit counter and a 64-bit key, all given and returned as uint32.

    Written for a compiler: every operation names its width, because signed and unsigned integers otherwise mix into
    floats. It is untyped since the compiler, not the reader, needs the widths.
    """
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * np.uint64(c0)
        p1 = np.uint64(0xCD9E8D57) * np.uint64(c2)
        c0, c1, c2, c3 = (
            np.uint32(p1 >> np.uint64(32)) ^ np.uint32(c1) ^ np.uint32(k0),
            np.uint32(p1 & np.uint64(0xFFFFFFFF)),
            np.uint32(p0 >> np.uint64(32)) ^ np.uint32(c3) ^ np.uint32(k1),
            np.uint32(p0 & np.uint64(0xFFFFFFFF)),
        )
        k0 = np.uint32((np.uint64(k0) + np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF))
        k1 = np.uint32((np.uint64(k1) + np.uint64(0xBB67AE85)) & np.uint64(0xFFFFFFFF))
    return c0, c1, c2, c3


def philox4x32_plain(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """The same four words in Python integers: slow, readable, and what the twin uses."""
    mask = 0xFFFFFFFF
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & mask, (p0 >> 32) ^ c3 ^ k1, p0 & mask
        k0, k1 = (k0 + 0x9E3779B9) & mask, (k1 + 0xBB67AE85) & mask
    return c0, c1, c2, c3


def stream(name: str) -> int:
    """The 32-bit number of a named stream (a mechanism's, or a step's of the synthesis); fixed for ever by the name."""
    return crc32(name.encode())


def uniform(seed: int, stream_id: int, purpose: int, entity: int, week: int) -> float:
    """One draw, uniform on [0, 1) with 32 bits.

    `seed` has 64 bits; `stream_id` comes from `stream`; `purpose` numbers the purposes of one stream from 0, four to a
    generator call; `entity` and `week` say whose draw it is and when (`week` may be any date that identifies a thing).
    """
    counter = (entity & 0xFFFFFFFF, purpose // WORDS, week & 0xFFFFFFFF, stream_id)
    return philox4x32_plain(counter, (seed & 0xFFFFFFFF, seed >> 32))[purpose % WORDS] * U32


def derive(seed: int, *parts: int | str) -> int:
    """A 64-bit seed for a part of a run (a replicate, say) that shares no draws with any other part."""
    text = ":".join(str(part) for part in (seed, *parts))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")

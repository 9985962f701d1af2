"""Random numbers that depend on the entity, the purpose and the week, never on the order of calls.

A draw is a pure function of (seed, stream, entity, week). Two arms that share a seed therefore share their random numbers, and
no thread count, partition or interruption can change a number. The generator is Philox4x32-10 (Salmon, Moraes, Dror
and Shaw 2011, “Parallel random numbers: as easy as 1, 2, 3”, SC'11), checked in the tests against the known-answer
vectors of Random123.

The function is written twice: `philox4x32` for compilers (fixed-width integers) and `philox4x32_plain` for the
interpreter (Python integers). The tests demand that they agree. This module holds no state.
"""

import hashlib
from zlib import crc32

import numpy as np

WORDS = 4
"""Numbers that one call of the generator gives; draws of one stream share calls in groups of this size."""

EVERYDAY = "everyday"
"""Stream of the one generator call a citizen and week that all mechanisms share."""

TURNS = "order"
"""Stream of the draws that decide the order of turns in the sequential schedule."""

U32 = 2.0**-32
"""A draw is a 32-bit word times this: uniform on [0, 1), never 1."""


def philox4x32(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Compute four words of Philox4x32-10 for a 128-bit counter and a 64-bit key.

    Every operation names its width, because signed and unsigned integers otherwise mix into floats. The function is
    untyped, since it is the compiler that needs the widths.

    Parameters
    ----------
    c0
        First word of the counter, uint32: the entity.
    c1
        Second word: the purpose over four.
    c2
        Third word: the week.
    c3
        Fourth word: the number of the stream.
    k0
        First word of the key, uint32: the lower half of the seed.
    k1
        Second word: the upper half.

    Returns
    -------
    tuple
        Four uint32.
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
    """Compute the same four words in Python integers; slow and readable.

    Parameters
    ----------
    counter
        Four integers of 32 bits.
    key
        Two integers of 32 bits.

    Returns
    -------
    tuple of int
        Four integers of 32 bits.
    """
    mask = 0xFFFFFFFF
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & mask, (p0 >> 32) ^ c3 ^ k1, p0 & mask
        k0, k1 = (k0 + 0x9E3779B9) & mask, (k1 + 0xBB67AE85) & mask
    return c0, c1, c2, c3


def stream(name: str) -> int:
    """Give the number of a stream of random numbers, which its name fixes for ever.

    Parameters
    ----------
    name
        Key of a mechanism's kernel, or of a step of the synthesis.

    Returns
    -------
    int
        CRC-32 of the name.
    """
    return crc32(name.encode())


def uniform(seed: int, stream_id: int, purpose: int, entity: int, week: int) -> float:
    """Draw one number, uniform on [0, 1) with 32 bits.

    Parameters
    ----------
    seed
        Random seed of a replicate, 64 bits.
    stream_id
        Number of the stream, from `stream`.
    purpose
        Number of the purpose within the stream, from 0; four purposes share a call of the generator.
    entity
        Whose draw it is.
    week
        When it is drawn; any date that identifies an event may stand here.

    Returns
    -------
    float
        A multiple of 2^-32.
    """
    counter = (entity & 0xFFFFFFFF, purpose // WORDS, week & 0xFFFFFFFF, stream_id)
    return philox4x32_plain(counter, (seed & 0xFFFFFFFF, seed >> 32))[purpose % WORDS] * U32


def derive(seed: int, *parts: int | str) -> int:
    """Derive the random seed of a part of a run (a replicate, say), which shares no draws with any other part.

    Parameters
    ----------
    seed
        Random seed of the whole.
    *parts
        Names and numbers that identify the part.

    Returns
    -------
    int
        64 bits, by BLAKE2b.
    """
    text = ":".join(str(part) for part in (seed, *parts))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")

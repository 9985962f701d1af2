"""The text of counting: how many contacts of a citizen, and how many members of their household, show each signal.

Signals are stored as bits, packed into 64-bit words for many citizens. Four signals at a time are counted in one word of
four 16-bit counters: a contact's bits are spread over the counters and added at once.
"""

from glasshouse.engine.compiler.layout import SIGNALS_PER_WORD, ModelLayout
from glasshouse.engine.compiler.symbols import CONTACT_ARRAYS, CROWDS


def count_signals(layout: ModelLayout) -> str:
    """The function that counts the signals of one citizen's contacts, for each crowd and signal in alphabetical order.

    Parameters
    ----------
    layout : ModelLayout
        The model, which has at least one signal.

    Returns
    -------
    str
    """
    signals, bits = layout.signals, layout.bits
    words = range((len(signals) + SIGNALS_PER_WORD - 1) // SIGNALS_PER_WORD)
    counts = ", ".join(
        _counter("_home" if crowd == "household" else "_count", signal)
        for crowd in sorted(CROWDS)
        for signal in sorted(range(len(signals)), key=lambda s: signals[s].name)
    )
    add = [
        *_shown("_j", bits),
        *(f"_count{n} += {spread('_shown', n)}" for n in words),
    ]
    lines = [
        f"def _count_signals({', '.join(CONTACT_ARRAYS)}):",
        *(f"    _count{n} = np.uint64(0)" for n in words),
        # The household comes first: what has been counted after it is the household's own count.
        "    _member = _entity - _place",
        "    _end = _member + _size",
        "    while _member < _end:",
        "        if _member != _entity:",
        "            _j = np.uint64(_member)",
        *(f"            {line}" for line in add),
        "        _member += 1",
        *(f"    _home{n} = _count{n}" for n in words),
        "    _q = np.uint64(_tie_start[_entity])",
        "    _stop = np.uint64(_tie_start[_entity + 1])",
        "    while _q < _stop:",
        "        _j = np.uint64(_ties[_q])",
        *(f"        {line}" for line in add),
        "        _q += np.uint64(1)",
        f"    return ({counts},)",
    ]
    return "\n".join(lines)


def spread(shown: str, word: int) -> str:
    """Expression that puts each of four signal bits into a 16-bit counter of its own.

    Parameters
    ----------
    shown : str
        Expression for a citizen's signals, bit k for signal k.
    word : int
        Which four signals: 0 for the first four, 1 for the next.

    Returns
    -------
    str
    """
    # Each bit goes to the lowest place of its counter, so that one addition counts four signals. The factor has a bit at
    # every fifteenth place: of the product, which is the four bits again and again, bit k of copy k is at place 16 k.
    four = f"({shown} >> np.uint64({SIGNALS_PER_WORD * word})) & np.uint64({(1 << SIGNALS_PER_WORD) - 1})"
    copies = sum(1 << 15 * place for place in range(SIGNALS_PER_WORD))
    lowest = sum(1 << 16 * place for place in range(SIGNALS_PER_WORD))
    return f"(({four}) * np.uint64({copies})) & np.uint64({lowest})"


def _shown(index: str, bits: int) -> list[str]:
    """Statements that put the signals of the citizen at `index` into `_shown`."""
    per_word = 64 // bits
    shift, step, mask = per_word.bit_length() - 1, bits.bit_length() - 1, (1 << bits) - 1
    place = f"(({index} & np.uint64({per_word - 1})) << np.uint64({step}))"
    return [f"_word = _plane[{index} >> np.uint64({shift})]", f"_shown = (_word >> {place}) & np.uint64({mask})"]


def _counter(word: str, signal: int) -> str:
    """Expression for one signal's counter."""
    number, place = divmod(signal, SIGNALS_PER_WORD)
    return f"np.int64(({word}{number} >> np.uint64({16 * place})) & np.uint64(0xFFFF))"

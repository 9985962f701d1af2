"""How a record becomes a listing: the state machine that every list of citizens or firms runs on."""

from glasshouse.model.agencies import CLEAR, LEAVING, LONGEST, PENDING, RESTRICTED


def listing(
    state: int,
    since: int,
    value: float,
    threshold: float,
    leave: float,
    delay_on: float,
    spell: float,
    delay_off: float,
) -> tuple[int, int]:
    """One week of one list's state machine.

    clear -> pending when the value reaches the threshold; pending -> restricted after the delay, or back to clear when
    the value falls; restricted -> leaving when the spell is served and the value is below the leaving mark; leaving ->
    clear after its own, longer delay (`facts.md` A5.4, F21).

    Parameters
    ----------
    state : int
        `CLEAR`, `PENDING`, `RESTRICTED` or `LEAVING`.
    since : int
        Weeks spent in that state.
    value : float
        What the list weighs up, in points.
    threshold : float
        Points from which one is listed.
    leave : float
        Points below which one may leave.
    delay_on : float
        Weeks until a restriction takes effect.
    spell : float
        Weeks that a restriction lasts at least.
    delay_off : float
        Weeks until the effect of a restriction ends.

    Returns
    -------
    tuple of int
        The new state and the weeks spent in it.
    """
    if state == CLEAR:
        if value >= threshold:
            return PENDING, 0
        return CLEAR, 0
    if state == PENDING:
        if value < threshold:
            return CLEAR, 0
        if since + 1 >= delay_on:
            return RESTRICTED, 0
        return PENDING, since + 1
    if state == RESTRICTED:
        if since + 1 >= spell and value < leave:
            return LEAVING, 0
        return RESTRICTED, min(since + 1, LONGEST)
    if since + 1 >= delay_off:
        return CLEAR, 0
    return LEAVING, since + 1

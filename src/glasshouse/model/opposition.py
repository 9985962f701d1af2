"""Private opposition: what everyday grievance and political discontent come to together."""


def opposition(grievance: float, discontent: float) -> float:
    """Private opposition G = 1 - (1 - g)(1 - o), of everyday grievance g and political discontent o.

    Parameters
    ----------
    grievance : float
        Everyday grievance g.
    discontent : float
        Political discontent o.

    Returns
    -------
    float
        G; exactly g where o is 0.
    """
    return grievance + discontent * (1.0 - grievance)

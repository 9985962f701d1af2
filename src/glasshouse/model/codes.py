"""Codes and ends of scales that several mechanisms and statistics share.

Mechanisms do not import one another: what one of them writes as a code and another reads is declared here.
"""

NO_PROBLEM, MILD, MIDDLING, SEVERE = 0, 1, 2, 3
"""Severity classes of a problem; vectors by severity begin with `MILD`."""

NO_RECORD, RIGHTFUL, WRONGFUL = 0, 1, 64
"""Record about speech of a week: none, or of a protest, or of a complaint that was misread, to which its points are added."""

NO_CHANGE, BY_PENALTY, BY_REWARD = 0, 1, 2
"""Why conduct differs from what it would be without a regime: not at all, for fear of detection, for a reward."""

BY_SILENCE = 4
"""The kind of change that `conduct` does not see: a complaint kept back. Kinds are bits of one number."""

NO_OCCASION = -20.0
"""The margin of a citizen who had no occasion to speak, below every margin of one who had."""

SMALLEST_EVENT = 2
"""Protesting citizens of a district and week from which there is a protest event."""

DISAPPROVES, APPROVES, EVEN_IF_TOLD = 0, 1, 2
"""What a citizen says of the regime; the last would still approve if told of its repressive use."""

INCOME_CAP = 3.0
"""Multiple of the median income from which more income changes neither opinions nor journeys."""

NOT_CLAIMED = 255
"""The benefit of somebody who is entitled to one and draws none; below it, percent of the full rate."""

BY_MISTAKE, BY_INTENT = 1, 2
"""How a claim of a benefit is irregular; 0 where it is not."""

NOT_CLEARED, WRONG_STRUCK, ALL_STRUCK = 0, 1, 2
"""Verdicts of a week: none or refused, wrongful points struck, all points struck."""

HOME_NONE, HOME_RIGHT, HOME_WRONG = 0, 1, 2
"""Records about speech abroad that come home in a week: none, a true one about a protest, a false one about a complaint."""

BY_MODEL, BY_LOT = 1, 2
"""Why somebody is selected for an investigation: by the score, or drawn by lot."""

IRREGULARITY = 4
"""What how a claim is irregular is multiplied by in the code of a selection, to which it is added."""

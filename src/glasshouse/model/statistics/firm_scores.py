"""What a firm's standing goes with: connection, quality of governance, debt."""

from typing import ClassVar

from glasshouse.model.declarations import WELFARE, Sum
from glasshouse.model.statistic import Statistic


class FirmScores(Statistic):
    """Adds up what the correlations of larger firms' standing need; it changes nothing.

    Firm scores in pilots go with political connection and not with governance or profit (`facts.md` A7.3, F18).
    """

    name: ClassVar[str] = "firm_scores"
    sums: ClassVar = (
        Sum("rated", "firm-weeks", "larger firms whose score is compared"),
        Sum("rating", "points", "their standing (credit worth less points) added up", WELFARE),
        Sum("rating_squares", "points squared", "its square", WELFARE),
        Sum("connections", "share", "their connection added up", WELFARE),
        Sum("connection_squares", "share squared", "its square", WELFARE),
        Sum("rating_connection", "points", "product with standing", WELFARE),
        Sum("qualities", "standard deviations", "quality of their governance added up", WELFARE),
        Sum("quality_squares", "squared", "its square", WELFARE),
        Sum("rating_quality", "points", "product with standing", WELFARE),
        Sum("leverages", "ratio", "their leverage added up", WELFARE),
        Sum("leverage_squares", "ratio squared", "its square", WELFARE),
        Sum("rating_leverage", "points", "product with standing", WELFARE),
    )

    @staticmethod
    def firm(firm, add):
        if firm.own_account:
            return
        add("rated")
        add("rating", firm.standing)
        add("rating_squares", firm.standing * firm.standing)
        add("connections", firm.connection)
        add("connection_squares", firm.connection * firm.connection)
        add("rating_connection", firm.standing * firm.connection)
        add("qualities", firm.governance)
        add("quality_squares", firm.governance * firm.governance)
        add("rating_quality", firm.standing * firm.governance)
        add("leverages", firm.leverage)
        add("leverage_squares", firm.leverage * firm.leverage)
        add("rating_leverage", firm.standing * firm.leverage)

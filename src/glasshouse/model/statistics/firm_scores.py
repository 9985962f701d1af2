"""What a firm's standing goes with: connection, quality of governance, debt."""

from typing import ClassVar

from glasshouse.model.declarations import WELFARE, Sum
from glasshouse.model.moments import Quantity, moments
from glasshouse.model.statistic import Statistic


class FirmScores(Statistic):
    """Adds up what the correlations of larger firms' standing need.

    Firm scores in pilots go with political connection and not with governance or profit (`facts.md` A7.3, F18).
    """

    name: ClassVar[str] = "firm_scores"
    sums: ClassVar = (
        Sum("rated", "firm-weeks", "larger firms whose score is compared"),
        *moments(
            Quantity("standing", "points", "standing (credit worth less points)"),
            Quantity("connection", "share", "political connection"),
            Quantity("quality", "standard deviations", "quality of the firm's own governance"),
            Quantity("leverage", "ratio", "leverage"),
            scale=WELFARE,
        ),
    )

    @staticmethod
    def firm(firm, add):
        if firm.own_account:
            return
        add("rated")
        add("standing_sum", firm.standing)
        add("standing_squares", firm.standing * firm.standing)
        add("connection_sum", firm.connection)
        add("connection_squares", firm.connection * firm.connection)
        add("standing_connection_products", firm.standing * firm.connection)
        add("quality_sum", firm.governance)
        add("quality_squares", firm.governance * firm.governance)
        add("standing_quality_products", firm.standing * firm.governance)
        add("leverage_sum", firm.leverage)
        add("leverage_squares", firm.leverage * firm.leverage)
        add("standing_leverage_products", firm.standing * firm.leverage)

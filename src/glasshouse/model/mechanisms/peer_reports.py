"""What people report about one another, true and false."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Sum, param
from glasshouse.model.mechanism import Mechanism


class PeerReports(Mechanism):
    """Peer reports. A share `peers` of citizens reports on contacts.

    A breach that contacts can see is reported with probability min(1, peers * peer_rate * contacts) and then recorded
    even if no agency saw it; something false is reported about anybody at peers * peer_false * contacts a week. Sharp
    Eyes and village schemes let residents watch and report (`facts.md` A2.7); how often they do is assumed.
    """

    name: ClassVar[str] = "peer_reports"
    stream_key: ClassVar[str] = "hearsay"
    off: ClassVar = {"peers": 0.0}
    columns: ClassVar = (
        Column("reported", "?", "yes or no", "this week's breach was reported by a contact"),
        Column("slandered", "?", "yes or no", "something false was reported about the citizen this week"),
    )
    sums: ClassVar = (
        Sum("reports_true", "reports", "breaches reported by contacts"),
        Sum("reports_false", "reports", "false reports by contacts"),
    )
    draws: ClassVar = ("peers", "gossip")

    peers: float = param(
        0.0, "Share of citizens who report on others.", unit="share", bounds=(0, 1), prior=(0.0, 0.1), role="lever"
    )
    peer_rate: float = param(
        0.02,
        "Chance that such a contact reports a breach that they could see.",
        unit="share",
        bounds=(0, 1),
        prior=(0.01, 0.04),
        role="uncertainty",
    )
    peer_false: float = param(
        0.0002,
        "False reports of such a contact about a contact.",
        unit="per week",
        bounds=(0, 1),
        prior=(0.0001, 0.0004),
        role="uncertainty",
    )

    @staticmethod
    def citizen(me, contacts, p, draw, add):
        me.reported = False
        me.slandered = False
        if p.peers <= 0.0 or not me.adult:
            return
        reporters = p.peers * contacts.number
        if me.breach >= 0 and draw("peers") < reporters * p.peer_rate:
            me.reported = True
            add("reports_true")
        if draw("gossip") < reporters * p.peer_false:
            me.slandered = True
            add("reports_false")

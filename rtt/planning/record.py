"""How plans would have done on past months: the arithmetic fed with what then happened, and how much of an
effect that it worked out was seen.

Source: docs/planning.md, "The score of past months".
"""

from rtt.planning.lists import Flows


def record_of(flows: Flows) -> dict[str, float]:
    """To be told beside every answer."""
    return {}

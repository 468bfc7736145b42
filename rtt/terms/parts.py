"""The five parts of the monthly return, and what each may be asked.

Part 2A is a subset of part 2 and is never added to it. Part 3 has no bands: a new period has not waited yet.
Source: NHS England, Recording and reporting RTT waiting times, v5.0, section 10.1; the full extracts.
"""

ADMITTED = "1A"
NON_ADMITTED = "1B"
INCOMPLETE = "2"
WITH_DECISION_TO_ADMIT = "2A"
NEW_PERIODS = "3"

PARTS = (ADMITTED, NON_ADMITTED, INCOMPLETE, WITH_DECISION_TO_ADMIT, NEW_PERIODS)
COMPLETED = (ADMITTED, NON_ADMITTED)
WAITING = (INCOMPLETE, WITH_DECISION_TO_ADMIT)

PART_NAMES = {
    ADMITTED: "Completed pathways for admitted patients",
    NON_ADMITTED: "Completed pathways for non-admitted patients",
    INCOMPLETE: "Incomplete pathways",
    WITH_DECISION_TO_ADMIT: "Incomplete pathways with a decision to admit",
    NEW_PERIODS: "New RTT periods",
}

# The headline percentile beside the median: the 92nd of those still waiting, the 95th of those treated.
HIGH_PERCENTILE = {ADMITTED: 0.95, NON_ADMITTED: 0.95, INCOMPLETE: 0.92, WITH_DECISION_TO_ADMIT: 0.92}


def part_of(published: str) -> str | None:
    """The part code of a published "RTT Part Type" such as "Part_1A"; None if there is no such part."""
    code = published.strip().upper().removeprefix("PART_")
    return code if code in PARTS else None

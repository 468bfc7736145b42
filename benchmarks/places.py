"""Find a place: how long a search takes among 10,000 places. Run: python -m benchmarks.places

The slowest of what people type, one letter at a time, is what counts: each letter asks.
"""

import random
import sys
import time

from dashboard.scope.find import Place, find, index
from dashboard.store.loaded_extracts import Organisation
from rtt.terms.treatment_functions import SPECIALTIES

NUMBER = 10_000
TYPED = ("dorset urology", "nhs trust", "general surgery st", "r0d", "s", "county hospital orthopaedics")


def places(number: int = NUMBER) -> tuple[Organisation, ...]:
    """Made-up providers of three to seven words under 40 ICBs."""
    chance = random.Random(2026)
    words = (
        "North",
        "South",
        "Royal",
        "County",
        "Dorset",
        "Essex",
        "Kent",
        "Eye",
        "Care",
        "Hospital",
        "Clinic",
    )
    icbs = [Organisation("icb", f"Q{at:02}", f"NHS ICB {at}", "Y1", "", "") for at in range(40)]
    made = (
        Organisation(
            "provider", f"X{at:05}", " ".join(chance.choices(words, k=chance.randint(3, 7))),
            f"Q{at % 40:02}", "", "nhs" if at % 3 else "independent",
        )
        for at in range(number)
    )  # fmt: skip
    return (*icbs, *made)


def main() -> None:
    started = time.perf_counter()
    ready = index(places())
    sys.stdout.write(f"{len(ready):,} places made ready in {1000 * (time.perf_counter() - started):.0f} ms\n")
    slowest = 0.0
    for typed in TYPED:
        for end in range(1, len(typed) + 1):
            slowest = max(slowest, min(_milliseconds(typed[:end], ready) for _ in range(3)))
    sys.stdout.write(f"slowest search: {slowest:.1f} ms\n")


def _milliseconds(typed: str, ready: tuple[Place, ...]) -> float:
    started = time.process_time()  # of this process alone, whatever else the machine does
    find(typed, ready, SPECIALTIES)
    return 1000 * (time.process_time() - started)


if __name__ == "__main__":
    main()

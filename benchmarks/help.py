"""What help costs the processor.

python -m benchmarks.help [CHECKOUT of today's build]
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.today import RTT, compare, processor_seconds

TIMES = 21  # a run is a twentieth of a second: more of them than of the long ones


def main() -> None:
    for asked in (("--help",), ("forecast", "--help")):
        compare(f"rtt {' '.join(asked)}, CPU s", seconds_of(*asked), target=0.5, pairs=TIMES)


def seconds_of(*asked: str) -> Callable[[Path], float]:
    return lambda build: processor_seconds(build, RTT, *asked)


if __name__ == "__main__":
    main()

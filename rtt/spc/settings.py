"""What can be set about a control chart. Apart from the rules themselves, so that settings need no arrays."""

from dataclasses import dataclass
from typing import Literal

TwoSigma = Literal["beyond", "between"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of a chart: `length` of a shift or trend, and what two-in-three counts.

    two_sigma "beyond": points beyond two sigma, also those outside the limits (November 2023, the default);
    "between": only points between two sigma and the limit (the rule before).
    """

    length: int = 7
    two_sigma: TwoSigma = "beyond"

    def __post_init__(self) -> None:
        if self.length not in (6, 7, 8):
            raise ValueError(f"a shift is 6, 7 or 8 points long, not {self.length}")
        if self.two_sigma not in ("beyond", "between"):
            raise ValueError(f"two_sigma is 'beyond' or 'between', not {self.two_sigma!r}")


DEFAULT_RULES = Rules()

"""The fictional region: four trusts, their sites, their commissioners. No code here is in use anywhere.

It deliberately holds no real organisation, except NONC: the return's word for commissioners outside
England.
"""

from dataclasses import dataclass

REGION_CODE, REGION_NAME = "Y99", "MIDSHIRES"
ICB_CODE = "QZ9"
# The commas matter: NHS England quotes only the names that hold one.
ICB_NAME = "NHS AVONMOOR, TAMEFORD AND WYREDALE INTEGRATED CARE BOARD"


@dataclass(frozen=True, slots=True)
class Commissioner:
    """Who pays. `parent` is the ICB's code, or '' where the return leaves it blank."""

    code: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class Trust:
    """One provider: `size` is its usual number of open pathways, `shares` its pathways by commissioner."""

    code: str
    name: str
    size: int
    sites: tuple[str, ...]
    shares: tuple[float, ...]
    absent: tuple[str, ...] = ()


COMMISSIONERS = (
    Commissioner("98A", "NHS AVONMOOR, TAMEFORD AND WYREDALE ICB - 98A", ICB_CODE),
    Commissioner("98B", "NHS AVONMOOR, TAMEFORD AND WYREDALE ICB - 98B", ICB_CODE),
    Commissioner("98C", "NHS AVONMOOR, TAMEFORD AND WYREDALE ICB - 98C", ICB_CODE),
    # Direct commissioning: English, counted, and without a parent in the published extract.
    Commissioner("99Z", "NATIONAL COMMISSIONING HUB 99", ""),
    Commissioner("NONC", "", ""),
)
NON_ENGLISH = len(COMMISSIONERS) - 1

TRACKED = Trust(
    "R9A",
    "TAMEFORD HOSPITALS NHS TRUST",
    6300,
    ("R9A01", "R9A02"),
    (0.74, 0.12, 0.10, 0.025, 0.015),
    ("C_170",),
)
TRUSTS = (
    TRACKED,
    Trust(
        "R9B",
        "AVONMOOR UNIVERSITY HOSPITALS NHS FOUNDATION TRUST",
        9000,
        ("R9B01", "R9B02"),
        (0.10, 0.70, 0.15, 0.04, 0.01),
    ),
    Trust(
        "R9C",
        "WYREDALE HOSPITALS NHS FOUNDATION TRUST",
        7000,
        ("R9C01",),
        (0.08, 0.17, 0.70, 0.02, 0.03),
        ("C_150", "C_170"),
    ),
    Trust(
        "R9D",
        "MOORLAND AND COAST NHS TRUST",
        5000,
        ("R9D01",),
        (0.30, 0.55, 0.13, 0.015, 0.005),
        ("C_150", "C_160", "C_170", "X03"),
    ),
)
# In this trust's rows a cell without pathways is blank instead of 0, as in those of some 88 real providers.
BLANK_FOR_ZERO = "R9B"
# This trust sends no return for one August in three.
NOT_SUBMITTING = "R9C"


def submits(trust: Trust, *, year: int, month: int) -> bool:
    """Whether the trust's return for that month arrived in time to be published."""
    return not (trust.code == NOT_SUBMITTING and month == 8 and year % 3 == 1)

"""How numbers, shares, weeks and dates are written, so that tile, table, sentence and CSV agree.

Figures are rounded here alone. `None` and nan mean "not known"; what to say then is the caller's.
"""

import math
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from rtt.terms.printed import MINUS, Printed, PrintedDay, printed

NOT_KNOWN = "Not known"


def is_known(value: float | None) -> bool:
    """Whether there is a value at all; infinity is one: it means "in the open band"."""
    return value is not None and not math.isnan(value)


def rounded(value: float, places: int) -> Decimal:
    """`value` to `places` decimals, halves away from zero as people and spreadsheets do, not to even."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def percent(share: float) -> Decimal:
    """A share (0.603) as the percentage that is shown (60.3), for sums that must agree with the page."""
    return (Decimal(repr(float(share))) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def number_text(value: float | Decimal, places: int = 0) -> Printed:
    """Thousands separators and a true minus sign: 48,212 or −92."""
    if isinstance(value, Decimal):
        return printed(_digits(value), float(value), places=_places(value))
    if places == 0 and float(value).is_integer():  # nearly every figure of a page: nothing to round
        return printed(f"{int(value):,}".replace("-", MINUS), float(value))
    return printed(_digits(rounded(value, places)), float(value), places=places)


def _digits(figure: Decimal) -> str:
    # Decimal keeps the sign of a rounded -0.04; nobody wants to read "−0.0".
    return f"{abs(figure) if figure == 0 else figure:,}".replace("-", MINUS)


def _places(figure: Decimal) -> int:
    return max(0, -int(figure.as_tuple().exponent))


def signed_text(value: float | Decimal, places: int = 0, *, unit: str = "") -> Printed:
    """A change: +118, −92, 0; with a unit "+0.4 points"."""
    figure = value if isinstance(value, Decimal) else rounded(value, places)
    text = _digits(figure)
    sign = "+" if figure > 0 else ""
    return printed(f"{sign}{text}{unit}", float(value), places=_places(figure), unit=unit)


def share_text(share: float) -> str:
    """60.3%; a share that only rounds to it is never written as 0.0% or 100.0%."""
    shown = percent(share)
    if shown == 0 and share > 0:
        return "under 0.1%"
    if shown == 100 and share < 1:
        return "over 99.9%"
    return printed(f"{_digits(shown)}%", share, places=1, unit="%")


def target_text(share: float) -> Printed:
    """A standard's percentage, without needless decimals: 92%, 66.4%."""
    shown = number_text(percent(share)).removesuffix(".0")
    return printed(f"{shown}%", share, places=1 if "." in shown else 0, unit="%")


def weeks_text(weeks: float, *, open_band: int = 104) -> str:
    """14.0 weeks; "104+ weeks" for infinity, which stands for the open band."""
    if math.isinf(weeks):
        return f"{open_band}+ weeks"
    return printed(f"{_digits(rounded(weeks, 1))} weeks", weeks, places=1, unit=" weeks")


def wait_text(days: int) -> str:
    """A wait to the day: 17 weeks 3 days; 1 week; 5 days."""
    weeks, rest = divmod(days, 7)
    parts = [plural(weeks, "week")] if weeks else []
    return " ".join([*parts, *([plural(rest, "day")] if rest or not weeks else [])])


def band_text(weeks: float, *, open_band: int = 104) -> str:
    """The lower end of a week band: over 77 weeks; the first band is "up to 1 week"."""
    if weeks == 0:
        return "up to 1 week"
    return f"over {open_band if math.isinf(weeks) else number_text(weeks)} weeks"


def plural(count: float, noun: str) -> str:
    """1 pathway, 48,212 pathways."""
    return f"{number_text(count)} {noun}{'' if count == 1 else 's'}"


def date_text(day: date) -> str:
    """31 Oct 2026; a cell of a table that holds it alone knows its day."""
    return PrintedDay(f"{day.day} {day:%b %Y}", day)


def weekday_text(day: date) -> str:
    """Sunday 15 Nov 2026."""
    return f"{day:%A} {date_text(day)}"


def month_text(day: date) -> str:
    """October 2026."""
    return PrintedDay(f"{day:%B %Y}", day, "mmmm yyyy")


def list_text(words: list[str]) -> str:
    """a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def machine_text(value: float | None, *, open_band: int = 104) -> str:
    """For CSV and `rtt figures`: full precision, whole numbers without ".0", "104+", empty for not known."""
    if value is None or math.isnan(value):
        return ""
    if math.isinf(value):
        return f"{open_band}+"
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))

"""The numbers along an axis in the words of its format, as browsers write them: a few of d3's formats."""

from collections.abc import Callable

from rtt.terms.printed import MINUS

_THOUSANDS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def number_on_axis(value: float, form: str) -> str:
    """ "60%", "1,200", "300k": the value in a format of d3; of a format without one, as it is."""
    value = round(value, 12) + 0.0  # never a zero with a sign
    write = _WRITTEN.get(form)
    return (write(value) if write else f"{value:{form}}").replace("-", MINUS)


def _in_thousands(value: float) -> str:
    size, letter = next((each for each in _THOUSANDS if abs(value) >= each[0]), (1.0, ""))
    return f"{value / size:.6g}{letter}"


_WRITTEN: dict[str, Callable[[float], str]] = {
    "": lambda value: f"{value:.12g}",
    ",": lambda value: f"{value:,.12g}",
    "d": lambda value: f"{value:.0f}",
    ",d": lambda value: f"{value:,.0f}",
    "~s": _in_thousands,
}

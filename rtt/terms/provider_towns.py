"""The towns of the main hospitals of NHS trusts, so that a trust is found by where it is: "Bournemouth".

Compiled by hand, November 2026, for the search alone: no figure depends on it, and a trust that is missing or
has opened a hospital since is still found by its name. Independent providers have the town in their names.
"""

from functools import cache

from rtt.terms import reference


def towns_of(code: str) -> tuple[str, ...]:
    """("Bournemouth", "Poole", "Christchurch") for R0D; () where none are known."""
    return _towns().get(code, ())


@cache
def _towns() -> dict[str, tuple[str, ...]]:
    return {row["code"]: tuple(row["towns"].split(";")) for row in reference.table("provider_towns")}

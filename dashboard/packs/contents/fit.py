"""Texts of a pack made fit for the files they go into, wherever in it they stand."""

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from rtt.terms.printed import Printed, PrintedDay
from rtt.terms.text_edges import xml_text

T = TypeVar("T")


def fit(value: T) -> T:
    """The same value with every text in it as XML holds it; keys are ours and stay."""
    return cast(T, _fit(value))


def _fit(value: object) -> object:
    if isinstance(value, Printed | PrintedDay):
        return value  # digits and their unit, or a date
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, tuple):
        return tuple(map(_fit, value))
    if isinstance(value, list):
        return [_fit(each) for each in value]
    if isinstance(value, dict):
        return {key: _fit(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{item.name: _fit(getattr(value, item.name)) for item in fields(value)})
    return value

"""A section of the page of predicted breaches."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from dashboard.queries.choices import Choice

Component = Any


def load(connection: Connection, choice: Choice) -> None:
    """Nothing yet."""


def draw(choice: Choice, found: None) -> list[Component]:
    """Nothing yet."""
    return []

"""Slots: a made-up page."""

from dash import html
from sqlalchemy import Connection

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame.page import SCOPE_CONTROLS, Page
from dashboard.scope.scope import Scope


def load(connection: Connection, scope: Scope) -> tuple[tuple[str, str], ...]:
    """Nothing: the table is made up."""
    return (("Theatre 1", "12"),)


def draw(scope: Scope, found: tuple[tuple[str, str], ...]) -> html.Div:
    """The page."""
    return html.Div([html.H1("Slots"), *show.placed(parts(scope, found), scope.filters)])


def parts(_scope: Scope, found: tuple[tuple[str, str], ...]) -> list[show.Part]:
    """The one card, of which a csv can be taken."""
    table = show.Table("Slots of the week", ("Where", "Slots"), found)
    return [show.table_card("Slots of the week", table, name="slots", as_csv=True)]


PAGE = Page("/slots", "Slots", load, draw, (*SCOPE_CONTROLS, "census"), parts=parts)

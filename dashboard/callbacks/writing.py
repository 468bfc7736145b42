"""The forms of pages: notes, rebases and saved groups, as plain posts that lead back to where they came from.

No script is needed. A form that cannot be kept is answered by a page that says why, and the way back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from flask import Flask, Response, redirect, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from dashboard import guard, records
from dashboard.records import Unacceptable
from dashboard.series import Series

Withdraw = Callable[..., None]


def register(server: Flask, engine: Engine) -> None:
    """Put the addresses of the forms on this server."""

    @server.post("/notes")
    def note() -> AnyResponse:
        return kept(
            lambda: records.annotate(
                engine,
                guard.visit().reader,
                _series(),
                noted_on=_day("noted_on"),
                text=_field("text"),
                at=datetime.now(UTC),
            )
        )

    @server.post("/rebases")
    def rebase() -> AnyResponse:
        return kept(
            lambda: records.start_phase(
                engine,
                guard.visit().reader,
                _series(),
                starts_on=_day("starts_on"),
                reason=_field("reason"),
                at=datetime.now(UTC),
            )
        )

    @server.post("/groups")
    def group() -> AnyResponse:
        kind = "trusts" if _field("kind") == "trusts" else "specialties"
        members = [code for given in request.form.getlist("members") for code in given.split(",")]
        return kept(
            lambda: records.save_group(
                engine,
                guard.visit().reader,
                kind=kind,
                name=_field("name"),
                members=members,
                at=datetime.now(UTC),
            )
        )

    for address, withdraw in _WITHDRAWALS.items():
        _add_withdrawal(server, engine, address, withdraw)


_WITHDRAWALS: dict[str, Withdraw] = {
    "notes": records.withdraw_annotation,
    "rebases": records.withdraw_rebase,
    "groups": records.withdraw_group,
}


def _add_withdrawal(server: Flask, engine: Engine, address: str, withdraw: Withdraw) -> None:
    def view(number: int) -> AnyResponse:
        return kept(lambda: withdraw(engine, guard.visit().reader, number, at=datetime.now(UTC)))

    server.add_url_rule(f"/{address}/<int:number>/withdraw", f"withdraw-{address}", view, methods=["POST"])


def way_back(given: str) -> str:
    """The page a form came from, if it is one of ours; else the Overview."""
    ours = given.startswith("/") and given[1:2] not in ("/", "\\") and given.isprintable()
    return given if ours and len(given) < 2000 else "/"


def kept(write: Callable[[], object]) -> AnyResponse:
    """Write what a form says and lead back; a page that says why where it cannot be kept."""
    back = way_back(_field("back"))
    try:
        write()
    except Unacceptable as reason:
        return guard.answer(400, "Nothing was written", str(reason), way=back)
    answer = redirect(back, 303)
    assert isinstance(answer, Response)
    return answer


def _field(name: str) -> str:
    return request.form.get(name, "")


def _day(name: str) -> date:
    try:
        return date.fromisoformat(_field(name))
    except ValueError:
        raise Unacceptable("The day is no date such as 2025-03-31.") from None


def _series() -> Series:
    names = ("source", "level", "organisation_code", "treatment_function", "measure")
    return Series(**{name: _field(name) for name in names})

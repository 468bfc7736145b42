"""The register of initiatives: a form that keeps one, frozen and dated, and its author's way to withdraw."""

from datetime import UTC, date, datetime

from flask import Flask, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from dashboard.callbacks.writing import add_withdrawal, field, kept, writer
from dashboard.store import initiatives, known
from dashboard.store.cache import reading
from dashboard.store.loaded_extracts import loaded_extracts
from dashboard.store.writing import Unacceptable, is_code
from rtt.terms.wording import list_text

PAGE = "/initiatives"
MOST_TRUSTS = 100


def register(server: Flask, engine: Engine) -> None:
    @server.post(PAGE, endpoint="initiative-register")
    def add() -> AnyResponse:
        return kept(lambda: _register(engine))

    add_withdrawal(server, engine, PAGE, initiatives.withdraw_initiative)


def _register(engine: Engine) -> None:
    reader = writer()
    trusts = _trusts(engine)
    with reading(engine) as connection:
        months = loaded_extracts(connection).censuses("monthly")
    if not months:
        raise Unacceptable("Initiatives are judged by the monthly return, and none is loaded.")
    initiatives.register(
        engine,
        reader,
        name=field("name"),
        what=field("what"),
        trusts=trusts,
        function=field("treatment_function"),
        starts_on=_first_day(field("starts")),
        measure=field("measure"),
        expected=_expected(field("expected")),
        why_these=field("why_these"),
        worst=field("worst") == "yes",
        newest_month=months[-1],
        at=datetime.now(UTC),
    )


def _trusts(engine: Engine) -> tuple[str, ...]:
    """The codes of the form. Raises `Unacceptable` for one that no month has."""
    given = [each.strip().upper() for line in request.form.getlist("trusts") for each in line.split(",")]
    codes = sorted({code for code in given if code})
    if not codes or len(codes) > MOST_TRUSTS or not all(map(is_code, codes)):
        raise Unacceptable(f"Name 1 to {MOST_TRUSTS} trusts by their codes, such as RBD, RDZ.")
    with reading(engine) as connection:
        unknown = known.unknown_codes(connection, "provider", codes)
    if unknown:
        raise Unacceptable(f"No loaded extract has a provider with the code {list_text(unknown)}.")
    return tuple(codes)


def _first_day(text: str) -> date:
    try:
        return date.fromisoformat(text if len(text) > 7 else f"{text}-01").replace(day=1)
    except ValueError:
        raise Unacceptable("Enter the first month as YYYY-MM, such as 2025-04.") from None


def _expected(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Unacceptable("Enter the expected effect as a number, such as 2.5.") from None

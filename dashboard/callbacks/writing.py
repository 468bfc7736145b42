"""The forms of pages: notes, rebases and saved groups, as plain posts that lead back to where they came from.

No script is needed. A form that cannot be saved is answered by a page that says why, with a link back; so is
one about an organisation or a census that is not in the data.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Protocol

from flask import Flask, Response, redirect, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from dashboard.server import guard
from dashboard.server.access import Reader, check_writer
from dashboard.store import known, writing
from dashboard.store.cache import reading
from dashboard.store.series import MOST_MEMBERS, NAME_LENGTH, GroupKind, Series
from dashboard.store.writing import Unacceptable
from rtt.terms.possible_dates import event_fault
from rtt.terms.wording import date_text, list_text


class Withdraw(Protocol):
    """Takes back what somebody wrote. Raises `Denied`, `Unacceptable`."""

    def __call__(self, engine: Engine, reader: Reader, number: int, /, *, at: datetime) -> None: ...


def register(server: Flask, engine: Engine) -> None:
    @server.post("/notes")
    def note() -> AnyResponse:
        def keep() -> None:
            reader, series = writer(), known_series(engine)
            day, text = day_of("noted_on"), field("text")
            writing.annotate(engine, reader, series, noted_on=day, text=text, at=datetime.now(UTC))

        return kept(keep)

    @server.post("/rebases")
    def rebase() -> AnyResponse:
        def keep() -> None:
            reader, series = writer(), known_series(engine)
            day, reason = _census(engine, series, "starts_on"), field("reason")
            writing.start_phase(engine, reader, series, starts_on=day, reason=reason, at=datetime.now(UTC))

        return kept(keep)

    @server.post("/groups")
    def group() -> AnyResponse:
        replaced: list[str] = []

        def keep() -> None:
            replaced.extend(_save_group(engine))

        answer = kept(keep)
        if answer.status_code != 303 or not replaced:
            return answer
        said = f"“{field('name').strip()}” replaced a group of the same name, of {list_text(replaced)}."
        return guard.answer(200, "The group was saved", said, link=link_back(field("back")))

    for what in ("note", "rebase", "group"):
        add_withdrawal(server, engine, f"/{what}s", _withdrawal_of(what))


def _withdrawal_of(what: str) -> Withdraw:
    def withdraw(engine: Engine, reader: Reader, number: int, *, at: datetime) -> None:
        writing.withdraw(engine, reader, what, number, at=at)

    return withdraw


def add_withdrawal(server: Flask, engine: Engine, path: str, withdraw: Withdraw) -> None:
    """The answer to the form of `frame.withdrawal`, for what has a number: /groups/7/withdraw."""

    def view(number: int) -> AnyResponse:
        reader, at = guard.enquiry().reader, datetime.now(UTC)
        return kept(lambda: withdraw(engine, reader, number, at=at))

    endpoint = f"withdraw-{path.strip('/').replace('/', '-')}"
    server.add_url_rule(f"{path}/<row:number>/withdraw", endpoint, view, methods=["POST"])


def link_back(given: str) -> str:
    """The page a form came from, if it is one of ours; else the Overview."""
    ours = given.startswith("/") and given[1:2] not in ("/", "\\") and given.isprintable()
    return given if ours and len(given) < 2000 else "/"


def kept(write: Callable[[], object]) -> AnyResponse:
    """Write what a form says and lead back; a page that says why where it cannot be kept."""
    back = link_back(field("back"))
    try:
        write()
    except Unacceptable as reason:
        return guard.answer(400, "Nothing was saved", str(reason), link=back)
    answer = redirect(back, 303)
    assert isinstance(answer, Response)
    return answer


def writer() -> Reader:
    """Who asks; whoever may not write is told so before anything that the form says. Raises `Denied`."""
    reader = guard.enquiry().reader
    check_writer(reader)
    return reader


def known_series(engine: Engine) -> Series:
    """The series a form is about. Raises `Unacceptable` where the data has no such organisation."""
    names = ("source", "level", "organisation_code", "treatment_function", "measure")
    series = Series(**{name: field(name) for name in names})
    with reading(engine) as connection:
        if not known.is_known(connection, series):
            code = series.organisation_code[:NAME_LENGTH]
            raise Unacceptable(f"No loaded extract has an organisation “{code}” at that level.")
    return series


def _save_group(engine: Engine) -> tuple[str, ...]:
    """Save the group of the form; the members of the one it replaced, if they were others."""
    reader = writer()
    kind: GroupKind = "trusts" if field("kind") == "trusts" else "specialties"
    members = [code.strip() for given in request.form.getlist("members") for code in given.split(",")]
    members = [code for code in dict.fromkeys(members) if code]
    if kind == "trusts" and len(members) <= MOST_MEMBERS and all(map(writing.is_code, members)):
        with reading(engine) as connection:
            unknown = known.unknown_codes(connection, "provider", members)
        if unknown:
            raise Unacceptable(f"No loaded extract has a provider with the code {list_text(unknown)}.")
    return writing.save_group(
        engine, reader, kind=kind, name=field("name"), members=members, at=datetime.now(UTC)
    )


def _census(engine: Engine, series: Series, name: str) -> date:
    """The day of a field, which must be a census of the series' source."""
    day = day_of(name)
    with reading(engine) as connection:
        is_one, near = known.nearest_censuses(connection, series.source, day)
    if not is_one:
        nearest = list_text([date_text(each) for each in near])
        others = f" The nearest {'is' if len(near) == 1 else 'are'} {nearest}." if near else ""
        raise Unacceptable(f"New limits start at a census date; {date_text(day)} is not one.{others}")
    return day


def field(name: str) -> str:
    return request.form.get(name, "")


def day_of(name: str, fault: Callable[[date, date], str | None] = event_fault) -> date:
    """The day of a field. Raises `Unacceptable` for one that `fault` says cannot be, as of today."""
    try:
        day = date.fromisoformat(field(name))
    except ValueError:
        raise Unacceptable("Enter a date as YYYY-MM-DD, such as 2025-03-31.") from None
    if wrong := fault(day, guard.enquiry().today):
        raise Unacceptable(f"{wrong}. Enter another day.")
    return day

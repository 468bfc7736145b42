"""The forms of a plan: a sprint and a validation for the address, a scenario to save, the trust's own plan.

What is asked stands in the address, so whoever may look may ask. Saving needs somebody who may write;
withdrawing a scenario, its author.
"""

from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask, redirect, request
from sqlalchemy import Engine
from werkzeug.wrappers import Response as AnyResponse

from dashboard import PRODUCT
from dashboard.analysis.plan_kept import kept_of, written
from dashboard.analysis.planning.dial_words import dials_words
from dashboard.analysis.planning.trajectory_file import trajectory_values
from dashboard.analysis.planning.work_out import answer_of
from dashboard.callbacks.writing import add_withdrawal, field, kept, writer
from dashboard.filters import Filters, from_query, to_query
from dashboard.scope.scope import resolve, scope_words
from dashboard.scope.start import with_source
from dashboard.server import guard
from dashboard.server.access import Denied
from dashboard.store import known, scenarios, trajectories
from dashboard.store.cache import reading
from dashboard.store.packs import provenance_of
from dashboard.store.series import NAME_LENGTH
from dashboard.store.writing import Unacceptable
from ingest.store.schema import MONTHLY

PAGE = "/plan"
MOST_BYTES = 100_000


def register(server: Flask, engine: Engine) -> None:
    @server.get("/plan/asked", endpoint="plan-asked")
    def asked() -> AnyResponse:
        return redirect(PAGE + to_query(_with_parts(from_query(request.args.get("query", ""))[0])), 303)

    @server.post("/plan/scenarios", endpoint="scenario-save")
    def save() -> AnyResponse:
        return kept(lambda: _save(engine))

    add_withdrawal(server, engine, "/plan/scenarios", scenarios.withdraw_scenario)

    @server.post("/plan/own", endpoint="plan-own")
    def own() -> AnyResponse:
        return kept(lambda: _keep_own(engine))

    @server.post("/plan/own/withdraw", endpoint="plan-own-withdraw")
    def withdraw_own() -> AnyResponse:
        def take_back() -> None:
            at = datetime.now(UTC)
            trajectories.withdraw_trajectory(engine, writer(), *_place(), at=at)

        return kept(take_back)


def _with_parts(filters: Filters) -> Filters:
    """The filters with the sprint and the validation of the form; a part without a figure is none."""
    more, share = (request.args.get(name, "").strip() for name in ("sprint_more", "validate_share"))
    parts = {
        "sprint": ":".join((more, *map(request.args.get, ("sprint_from", "sprint_to"), ("", "")))),
        "validate": ":".join((share, *map(request.args.get, ("validate_weeks", "validate_on"), ("", "")))),
    }
    return replace(
        filters,
        sprint=parts["sprint"] if _is_some(more) else "",
        validate=parts["validate"] if _is_some(share) else "",
    )


def _is_some(text: str) -> bool:
    """Whether a field holds anything but nothing and 0."""
    return text.strip("0.,+-") != ""


def _save(engine: Engine) -> None:
    reader = guard.enquiry().reader
    if not scenarios.may_save(reader):
        raise Denied(403, "You can make a plan and send its link, but not save it.")
    filters, ignored = from_query(field("query"))
    if ignored:
        raise Unacceptable(ignored[0])
    with reading(engine) as connection:
        scope = resolve(connection, with_source(connection, filters, MONTHLY), guard.enquiry())
        answer = answer_of(connection, scope)
        data = provenance_of(connection, scope.source, scope.census) if scope.census else None
    if answer.why_not or answer.census is None or data is None:
        raise Unacceptable(f"There is no answer to save: {answer.why_not}")
    dials = dials_words(answer.question)
    scenarios.save_scenario(
        engine,
        reader,
        name=field("name"),
        query=field("query"),
        scope=scope_words(scope),
        answers=written(kept_of(answer, dials)),
        census=answer.census,
        data_hash=data.data_hash,
        version=PRODUCT,
        at=datetime.now(UTC),
    )


def _keep_own(engine: Engine) -> None:
    reader = writer()
    level, code, function = _place()
    values = trajectory_values(_text())
    with reading(engine) as connection:
        if known.unknown_codes(connection, level, [code]):
            raise Unacceptable(f"No loaded extract has an organisation “{code[:NAME_LENGTH]}”.")
    trajectories.keep_trajectory(engine, reader, level, code, function, values, at=datetime.now(UTC))


def _place() -> tuple[str, str, str]:
    """Level, organisation and specialty of an own plan, as its forms send them."""
    return field("level"), field("organisation_code"), field("treatment_function")


def _text() -> str:
    """What was typed, and what the file holds. Raises `Unacceptable`."""
    file = request.files.get("file")
    given = file.read(MOST_BYTES + 1) if file else b""
    if len(given) > MOST_BYTES:
        raise Unacceptable("The file is too large to be a plan: a line for each month is meant.")
    try:
        return f"{field('lines')}\n{given.decode('utf-8-sig')}"
    except UnicodeDecodeError:
        raise Unacceptable("The file is no csv: save it as “CSV UTF-8”.") from None

"""Every INSERT and UPDATE that pages make: notes, rebases, saved groups and views, narratives, the
audit trail.

Each asks first whether the reader may write. Text is kept as it was typed, less characters that nobody sees
(`rtt.terms.text_edges`); whoever shows it shows text. Nothing is deleted or overwritten: a note is withdrawn,
by somebody, at a time.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from threading import BoundedSemaphore
from typing import Any, cast

from sqlalchemy import Connection, Engine, Table, insert, select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from dashboard.filters import for_another_page, from_query, to_query
from dashboard.server.access import Reader, check_sees_pathways, check_writer
from dashboard.store import screen_size
from dashboard.store.screens import WITHOUT_DATE
from dashboard.store.series import BOARD_ASK, MOST_MEMBERS, NAME_LENGTH, GroupKind, Series
from ingest.store.database import THREADS, writing
from ingest.store.faults import BUSY, in_words
from ingest.store.schema import (
    ENGLAND,
    LEVELS,
    MONTHLY,
    WEEKLY,
    annotation,
    audit,
    extract,
    narrative,
    organisation,
    pack_issue,
    rebase,
    saved_group,
    saved_view,
    screen,
)
from rtt.measures.indicators import INDICATORS
from rtt.terms.text_edges import is_visible, one_line, shortened
from rtt.terms.treatment_functions import ROWS
from rtt.terms.wording import number_text

log = logging.getLogger("rtt.records")

AUDIT_PATIENCE = 1.0  # seconds
WORDS_OF_PATIENCE = "a second"
# Beyond a quarter of the server's threads nobody waits so long: the others stay free for other pages.
SHORTEST_PATIENCE = 0.1
_may_wait = BoundedSemaphore(THREADS // 4)

TEXT_LENGTH = 500
NARRATIVE_LENGTH = 1200  # what a slide holds beside a chart
SCREEN_TITLE_LENGTH = 40  # one line at the top of a wall screen
_NO_NAME = re.compile(r"[^a-z0-9]+")
_CODE = re.compile(r"[A-Za-z0-9_,-]{1,200}")


class Unacceptable(ValueError):
    """What was written cannot be kept; the message says what would be."""


class NotRecorded(Exception):
    """The line of the audit trail could not be written, so that nothing may be shown.

    `is_busy`: only for now, because something else was writing.
    """

    is_busy = False


def annotate(
    engine: Engine, reader: Reader, series: Series, *, noted_on: date, text: str, at: datetime
) -> int:
    """Keep a note on a series at a day; its id. Raises `Denied`, `Unacceptable`."""
    check_writer(reader)
    values = {**_scope(series), "noted_on": noted_on, "text": written_text(text, "the note", TEXT_LENGTH)}
    return _keep(engine, annotation, values, reader, at)


def start_phase(
    engine: Engine, reader: Reader, series: Series, *, starts_on: date, reason: str, at: datetime
) -> int:
    """Begin a new phase of a series' control chart at a census; its id. Raises `Denied`, `Unacceptable`."""
    check_writer(reader)
    if not series.measure:
        raise Unacceptable("A rebase belongs to one measure.")
    values = {
        **_scope(series),
        "starts_on": starts_on,
        "reason": written_text(reason, "the reason", TEXT_LENGTH),
    }
    return _keep(engine, rebase, values, reader, at)


def save_group(
    engine: Engine, reader: Reader, *, kind: GroupKind, name: str, members: Sequence[str], at: datetime
) -> tuple[str, ...]:
    """Keep a group under a name, in place of the group that has it; the members of that one, if others.

    Raises `Denied`, `Unacceptable`. One member is a group too: that of a name people know.
    """
    check_writer(reader)
    if kind not in ("trusts", "specialties"):
        raise Unacceptable("A group holds trusts or specialties.")
    codes = list(dict.fromkeys(code.strip() for code in members if code.strip()))
    if not codes or len(codes) > MOST_MEMBERS or not all(map(is_code, codes)):
        raise Unacceptable(f"A group has 1 to {MOST_MEMBERS} members, each by its code.")
    if kind == "specialties" and (unknown := [code for code in codes if code not in ROWS]):
        raise Unacceptable(f"“{unknown[0]}” is not a specialty of the return.")
    called = written_text(name, "the name", NAME_LENGTH)
    values = {"kind": kind, "name": called, "members": ",".join(codes)}
    c = saved_group.c
    with writing(engine) as connection:
        replaced = connection.execute(
            update(saved_group)
            .where(c.kind == kind, c.name == called, c.withdrawn_at.is_(None))
            .values(withdrawn_by=reader.name, withdrawn_at=at)
            .returning(c.members)
        ).scalar()
        insert_written(connection, saved_group, values, reader, at)
    return () if replaced in (None, values["members"]) else tuple(replaced.split(","))


def is_code(text: str) -> bool:
    """Whether a text can be the code of anything."""
    return _CODE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Written:
    """What a form says of one measure, any of it empty. `shown`: the narrative that the form showed."""

    why: str
    actions: str
    owner: str
    due: date | None
    shown: int | None = None


def keep_commentary(
    engine: Engine,
    reader: Reader,
    series: Series,
    written: Mapping[str, Written],
    *,
    opened_on: date,
    at: datetime,
) -> int:
    """Keep what is said beside the measures of a pack, all of it or nothing; how many texts changed.

    A text that its writer did not change is left as it stands, whoever changed it since. One that was emptied
    ends. The census that a text was first written at stays. Raises `Denied`, `Unacceptable`.
    """
    check_writer(reader)
    said = {
        measure: (_scope(replace(series, measure=measure)), _said(each)) for measure, each in written.items()
    }
    changed = 0
    with writing(engine) as connection:
        _check_held(connection, series)
        for measure, (scope, words) in said.items():
            changed += _keep_text(connection, reader, scope, words, written[measure].shown, opened_on, at)
    return changed


def _said(written: Written) -> dict[str, Any]:
    return {
        "why": _optional(written.why, "The reason", NARRATIVE_LENGTH),
        "actions": _optional(written.actions, "The action", NARRATIVE_LENGTH),
        "owner": _optional(written.owner, "The owner", NAME_LENGTH),
        "due": written.due,
    }


def _keep_text(
    connection: Connection,
    reader: Reader,
    scope: dict[str, str],
    words: dict[str, Any],
    shown: int | None,
    opened_on: date,
    at: datetime,
) -> int:
    c = narrative.c
    of_scope = [c[name] == value for name, value in scope.items()]
    was = connection.execute(
        select(c.why, c.actions, c.owner, c.due).where(*of_scope, c.id == shown)
    ).one_or_none()
    before = was._asdict() if was else {"why": "", "actions": "", "owner": "", "due": None}
    if words == before:
        return 0
    is_open = [*of_scope, c.withdrawn_at.is_(None)]
    first = connection.execute(select(c.opened_on).where(*is_open)).scalar()
    connection.execute(update(narrative).where(*is_open).values(withdrawn_by=reader.name, withdrawn_at=at))
    if any(words.values()):
        insert_written(connection, narrative, {**scope, **words, "opened_on": first or opened_on}, reader, at)
    return 1


def record_pack(
    engine: Engine,
    series: Series,
    *,
    census_date: date,
    data_hash: str,
    version: str,
    draft: str,
    audience: str,
    figures: str,
    at: datetime,
) -> None:
    """Keep which figures went out in a pack, as JSON; once for the same scope, audience and data."""
    scope = {name: value for name, value in asdict(series).items() if name != "measure"}
    c = pack_issue.c
    scope["audience"] = audience
    same = [*(c[name] == value for name, value in scope.items()), c.data_hash == data_hash]
    said = {"version": version, "draft": draft, "figures": figures}
    with writing(engine) as connection:
        if connection.execute(select(c.id).where(*same, c.census_date == census_date)).first() is None:
            connection.execute(
                insert(pack_issue).values(
                    **scope, census_date=census_date, made_at=at, data_hash=data_hash, **said
                )
            )


def save_screen(
    engine: Engine,
    reader: Reader,
    *,
    title: str,
    query: str,
    pages: Sequence[Sequence[str]],
    inches: int,
    metres: float,
    theme: str,
    token_hash: str,
    at: datetime,
) -> str:
    """Keep a new wall screen; its name in addresses. Raises `Denied`, `Unacceptable`.

    `query` is its scope as the address of a page has it, `pages` the measures of each.
    """
    check_writer(reader)
    values = screen_values(
        title=title, query=query, pages=pages, inches=inches, metres=metres, theme=theme
    ) | {"token_hash": token_hash}
    name: str = values["name"]
    with writing(engine) as connection:
        there = select(screen.c.id).where(screen.c.name == name, screen.c.withdrawn_at.is_(None))
        if connection.execute(there).first():
            raise Unacceptable(f"There is a screen at /screen/{name} already; give this one another title.")
        insert_written(connection, screen, values, reader, at)
    return name


def screen_values(
    *, title: str, query: str, pages: Sequence[Sequence[str]], inches: int, metres: float, theme: str
) -> dict[str, Any]:
    """A wall screen as it is kept, its token aside. Raises `Unacceptable` with the reason."""
    called = written_text(title, "the title", SCREEN_TITLE_LENGTH)
    name = _NO_NAME.sub("-", called.lower()).strip("-")[:SCREEN_TITLE_LENGTH]
    if not name:
        raise Unacceptable("The title has no letter or digit to make an address of.")
    kept = [list(dict.fromkeys(key for key in page if key not in ("", "none"))) for page in pages]
    kept = [page for page in kept if page]
    known = {*INDICATORS, WITHOUT_DATE}
    if not 1 <= len(kept) <= 2 or any(len(page) > 3 or not set(page) <= known for page in kept):
        raise Unacceptable("A screen shows one to three measures on each of one or two pages.")
    filters, faults = from_query(query)
    if faults:
        raise Unacceptable(f"The scope is no address of a page: {faults[0]}")
    return {
        "name": name,
        "title": called,
        "query": to_query(for_another_page(filters), census=None),
        "measures": ";".join(",".join(page) for page in kept),
        **_looked_at(inches, metres, theme),
    }


def _looked_at(inches: int, metres: float, theme: str) -> dict[str, Any]:
    s = screen_size
    if not s.SMALLEST_INCHES <= inches <= s.LARGEST_INCHES:
        raise Unacceptable(f"A screen has {s.SMALLEST_INCHES} to {s.LARGEST_INCHES} inches.")
    if not s.NEAREST_METRES <= metres <= s.FARTHEST_METRES:
        raise Unacceptable(f"A screen is read from {s.NEAREST_METRES} to {s.FARTHEST_METRES} metres.")
    if metres > s.farthest(inches):
        raise Unacceptable(
            f"{inches} inches can be read from {s.farthest(inches):.1f} metres at most: hang it nearer, or "
            "take a larger one."
        )
    if theme not in ("light", "night", "time"):
        raise Unacceptable("The theme is light, night or time.")
    return {"inches": inches, "metres": metres, "theme": theme}


def change_token(engine: Engine, reader: Reader, id: int, *, token_hash: str | None) -> str:
    """Give a screen another token, or none (None): the one before opens nothing now. The screen's name.

    Raises `Denied`, `Unacceptable`.
    """
    check_writer(reader)
    with writing(engine) as connection:
        name: str | None = connection.execute(
            update(screen)
            .where(screen.c.id == id, screen.c.withdrawn_at.is_(None))
            .values(token_hash=token_hash, seen_at=None, survives=None)
            .returning(screen.c.name)
        ).scalar()
    if name is None:
        raise Unacceptable("There is no such screen; it may have been removed already.")
    return name


def note_heartbeat(engine: Engine, name: str, *, survives: bool | None, at: datetime) -> None:
    """A screen was heard. It has no reader: whoever calls this has checked its token.

    `survives` None: it does not know yet, and what is held of it stands.

    A heartbeat that cannot be written, while a load has the database, is left out: another follows.
    """
    heard = (
        update(screen)
        .where(screen.c.name == name, screen.c.withdrawn_at.is_(None))
        .values(seen_at=at, **({} if survives is None else {"survives": survives}))
    )
    try:
        # It is one of many, and each holds a thread while it waits.
        with writing(engine, patience=SHORTEST_PATIENCE, in_turn=False) as connection:
            connection.execute(heard)
    except OperationalError as error:
        log.warning("the heartbeat of a screen was not kept: %s", type(error).__name__)


def write_audit(
    engine: Engine, reader: Reader, *, action: str, scope: str, rows: int, purpose: str = "", at: datetime
) -> None:
    """One line of the audit trail. It is written before anything is shown: if it cannot be, nothing is.

    Raises `NotRecorded`. A transaction of its own, which waits for no load's turn, and not long for a load
    that holds the whole database (SQLite): many readers who wait would hold every thread of the server.
    """
    values = {"at": at, "reader": reader.name, "action": action, "scope": scope, "rows": rows}
    written = insert(audit).values(**values, purpose=shortened(one_line(purpose), TEXT_LENGTH))
    waits = _may_wait.acquire(blocking=False)
    try:
        patience = AUDIT_PATIENCE if waits else SHORTEST_PATIENCE
        with writing(engine, patience=patience, in_turn=False) as connection:
            connection.execute(written)
    except SQLAlchemyError as fault:
        # The class alone: the text of an error may hold the values.
        refused = NotRecorded(type(fault).__name__)
        refused.is_busy = in_words(fault) is BUSY
        raise refused from None
    finally:
        if waits:
            _may_wait.release()


def save_view(engine: Engine, reader: Reader, *, name: str, query: str, at: datetime) -> int:
    """Keep the filters of a tracking list under a name, in place of those that have it; their id.

    For whoever sees pathways. Neither order nor page nor census is kept, and no selection of tokens: a view
    is a question, not an answer. Raises `Denied`, `Unacceptable`.
    """
    check_sees_pathways(reader)
    filters, ignored = from_query(query)
    if ignored:
        raise Unacceptable(ignored[0])
    kept = to_query(
        replace(filters, sort=(), tab=(), find="", page="", open="", selected="", keys="", census=None)
    )
    values = {"name": written_text(name, "the name", NAME_LENGTH), "query": kept}
    c = saved_view.c
    with writing(engine) as connection:
        connection.execute(
            update(saved_view)
            .where(c.name == values["name"], c.withdrawn_at.is_(None))
            .values(withdrawn_by=reader.name, withdrawn_at=at)
        )
        return insert_written(connection, saved_view, values, reader, at)


def withdraw_view(engine: Engine, reader: Reader, id: int, *, at: datetime) -> None:
    """Remove a saved view: one's own, or any for whoever may write. Raises `Denied`, `Unacceptable`."""
    check_sees_pathways(reader)
    with engine.connect() as connection:
        author = connection.execute(select(saved_view.c.author).where(saved_view.c.id == id)).scalar()
    if author != reader.name:
        check_writer(reader)
    mark_withdrawn(engine, saved_view, reader, id, at, "view")


def _scope(series: Series) -> dict[str, str]:
    known = (
        series.source in (MONTHLY, WEEKLY)
        and series.level in LEVELS
        and series.measure in ("", BOARD_ASK, *INDICATORS)
        # A saved group of trusts is known by its name.
        and 0 < len(series.organisation_code) <= NAME_LENGTH
        and series.organisation_code.isprintable()
        and _CODE.fullmatch(series.treatment_function)
    )
    if not known:
        raise Unacceptable("This belongs to no series of the dashboard.")
    return asdict(series)


def _check_held(connection: Connection, series: Series) -> None:
    """England, an organisation of any census of the source, or a saved group: nobody else has a pack."""
    if (series.level, series.organisation_code) == ("england", ENGLAND):
        return
    o, g = organisation.c, saved_group.c
    of_source = select(extract.c.id).where(extract.c.source == series.source)
    known = select(o.code).where(
        o.level == series.level, o.code == series.organisation_code, o.extract_id.in_(of_source)
    )
    groups = select(g.name).where(g.name == series.organisation_code, g.withdrawn_at.is_(None))
    if connection.execute(known.union(groups).limit(1)).first() is None:
        raise Unacceptable("No organisation of the data has that code.")


def _optional(given: str, what: str, most: int) -> str:
    """A text that may be empty."""
    return written_text(given, what, most) if given.strip() else ""


def written_text(given: str, what: str, most: int) -> str:
    """A text as it is kept, one line of it; `what` it is, for the reason why not. Raises `Unacceptable`."""
    text = one_line(given)
    if not is_visible(text):
        why = "holds no character that can be seen" if given.strip() else "is empty"
        raise Unacceptable(f"Nothing was written: {what} {why}.")
    if len(text) > most:
        raise Unacceptable(
            f"{what[0].upper()}{what[1:]} has {number_text(len(text))} characters; "
            f"{number_text(most)} are the most."
        )
    return text


def _keep(engine: Engine, table: Table, values: dict[str, Any], reader: Reader, at: datetime) -> int:
    with writing(engine) as connection:
        return insert_written(connection, table, values, reader, at)


def insert_written(
    connection: Connection, table: Table, values: dict[str, Any], reader: Reader, at: datetime
) -> int:
    """Add what somebody wrote; its id."""
    written = insert(table).values(**values, author=reader.name, written_at=at).returning(table.c.id)
    return cast(int, connection.execute(written).scalar_one())


def withdraw(engine: Engine, reader: Reader, what: str, id: int, *, at: datetime) -> None:
    """Take a note off the charts, take a rebase back, remove a group or a screen. Raises `Denied`,
    `Unacceptable` if there is none.
    """
    check_writer(reader)
    mark_withdrawn(engine, _WITHDRAWN[what], reader, id, at, what)


_WITHDRAWN = {
    "note": annotation,
    "rebase": rebase,
    "group": saved_group,
    "screen": screen,
}


def mark_withdrawn(engine: Engine, table: Table, reader: Reader, id: int, at: datetime, what: str) -> None:
    """Mark a row as withdrawn; raises `Unacceptable` if there is none that stands."""
    c = table.c
    with writing(engine) as connection:
        there = select(c.id).where(c.id == id, c.withdrawn_at.is_(None))
        if connection.execute(there).first() is None:
            raise Unacceptable(f"There is no such {what}; it may have been withdrawn already.")
        connection.execute(update(table).where(c.id == id).values(withdrawn_by=reader.name, withdrawn_at=at))

"""Small numbers by attack: a reader without access asks every page for every filter and subtracts.

The list has small cells planted in it. Whatever is shown to such a reader is collected, by page, filter and
name; no cell of 1 to 7 may be among it, nor be the total less the others along any filter, row or column.
"""

import functools
import json
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

import pytest

from dashboard import pages
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.database import make_engine, migrate
from tests.dashboard import served_pages as served
from tests.tracking_lists import CENSUS, KEY, as_csv, pathway

FUNCTIONS, SITES = ("100", "120", "130"), ("R9A01", "R9A02", "R9A03")
STAGES, PRIORITIES = {"admitted": "IRTT", "non-admitted": "ORTT"}, ("1", "2", "3")
UNKNOWN = 3
PAGES = [page.path for page in pages.PAGES if page.controls and not page.audited]
BREACHES = [f"/breaches?show={tab}" for tab in ("expected", "since", "projection", "record")]
PAGES += ["/list?band=16", "/breaches?horizon=9", *BREACHES]
ALONG = {
    "tf": tuple(f"C_{code}" for code in FUNCTIONS),
    "site": SITES,
    "pathway": tuple(STAGES),
    "priority": PRIORITIES,
}
# Combinations of filters from which one more is taken.
SCOPES = (
    {},
    *({name: values[0]} for name, values in ALONG.items()),
    {"tf": "C_130"},
    {"tf": "C_120"},
    {"site": "R9A03", "tf": "C_130"},
    {"site": "R9A02", "tf": "C_100"},
    {"pathway": "dta"},
)


def planted(census: date, seed: int) -> list[dict[str, str]]:
    """Some two thousand pathways: most cells are large, a few hold 1 to 7."""
    chance = random.Random(seed)
    rows: list[dict[str, str]] = []

    def add(count: int, function: str, site: str, stage: str, priority: str, waits: range) -> None:
        for _ in range(count):
            start = census - timedelta(chance.choice(waits))
            decided = stage == "admitted"
            rows.append(
                pathway(
                    week_ending=census.isoformat(),
                    treatment_function=function,
                    site=site,
                    list_type=STAGES[stage],
                    priority=priority,
                    clock_start=start.isoformat(),
                    decision_to_admit=start.isoformat() if decided else "",
                    tci_date=_day(census, 10) if decided and chance.random() < 0.4 else "",
                    next_appointment=_day(census, 30) if not decided and chance.random() < 0.4 else "",
                )
            )

    for function in FUNCTIONS:
        for site in SITES:
            for stage in STAGES:
                for priority in PRIORITIES:
                    few = (function, site) == ("130", "R9A03") or (function, priority) == ("120", "3")
                    few = few or (function, site, stage) == ("100", "R9A02", "admitted")
                    if not few:
                        add(chance.randrange(70, 110), function, site, stage, priority, range(1, 300))
    add(4, "130", "R9A03", "non-admitted", "1", range(10, 120))
    add(5, "120", "R9A01", "admitted", "3", range(10, 120))
    add(2, "100", "R9A02", "admitted", "2", range(100, 126))
    # Over 52 weeks a few more than over 65: the difference is as small as a cell.
    add(19, "100", "R9A01", "non-admitted", "1", range(460, 540))
    add(3, "100", "R9A01", "non-admitted", "1", range(370, 380))
    add(UNKNOWN, "100", "R9A01", "non-admitted", "1", range(1, 2))
    for row in rows[-UNKNOWN:]:
        row["clock_start"] = ""
    return rows


def _day(census: date, ahead: int) -> str:
    return (census + timedelta(ahead)).isoformat()


@pytest.fixture(scope="module")
def clients(tmp_path_factory):
    """The same list for a reader of aggregates and for one who sees everything."""
    folder = tmp_path_factory.mktemp("planted")
    engine = make_engine(f"sqlite:///{folder / 'rtt.db'}")
    migrate(engine)
    for number, census in enumerate((CENSUS - timedelta(7), CENSUS)):
        path = folder / f"open-{census}.csv"
        path.write_bytes(as_csv(planted(census, number)))
        (result,) = load_path(engine, path, options=LoadOptions(token_key=KEY))
        assert result.state == "loaded", result.problems
    today = CENSUS + timedelta(1)
    yield {
        access: served.client_of(engine, folder, today=today, access=access)
        for access in ("none", "single-user")
    }
    engine.dispose()


def ask(client, page: str, filters: dict[str, str]):
    return _answer(client, page, tuple(sorted(filters.items())))


@functools.cache  # each page is asked for by several attacks
def _answer(client, page: str, filters: tuple[tuple[str, str], ...]):
    path, _, own = page.partition("?")
    query = "&".join(filter(None, [own, *(f"{name}={value}" for name, value in filters)]))
    return served.drawn(client, path, f"?{query}" if query else "")["page"]


def figures(client, page: str, filters: dict[str, str]) -> dict[tuple[str, ...], str]:
    """Everything that a page shows as a figure, by where it stands."""
    return _figures(client, page, tuple(sorted(filters.items())))


@functools.cache
def _figures(client, page: str, filters: tuple[tuple[str, str], ...]) -> dict[tuple[str, ...], str]:
    drawn = _answer(client, page, filters)
    found: dict[tuple[str, ...], str] = {}
    for item in served.of_type(drawn, "Li"):
        if served.of_type(item, "H3") and served.of_type(item, "P"):
            found["tile", served.words(served.of_type(item, "H3")[0])] = served.words(
                served.of_type(item, "P")[0]
            )
    for at, span in enumerate(served.of_type(drawn, "Span")):
        if span["props"].get("className") == "rtt-lead__figure":
            found["lead", str(at)] = served.words(span)
    for name, card in served.cards(drawn).items():
        for table in served.of_type(card, "Table"):
            heading, *rows = served.table_of(table)
            for row in rows:
                found |= {
                    (name, row[0], column): cell for column, cell in zip(heading[1:], row[1:], strict=False)
                }
    return found


def number(text: str | None) -> int | None:
    """A count as printed, perhaps with what it counts; None for words, shares and weeks."""
    match = re.fullmatch(r"([−-]?)(\d[\d,]*)( pathways.*| rows.*| in| people)?", text or "")
    return None if match is None else int(match[2].replace(",", "")) * (-1 if match[1] else 1)


# Numbers that count no pathway.
TOTALS = ("All specialties", "Total")
NO_COUNT = re.compile("point|rule|limit|since|change|of the last|longest|false alarm|Trusts$", re.IGNORECASE)


def counts(client, page: str, filters: dict[str, str]) -> dict[tuple[str, ...], int]:
    return {
        key: value
        for key, text in figures(client, page, filters).items()
        if (value := number(text)) is not None and not NO_COUNT.search(" ".join(key))
    }


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("filters", SCOPES, ids=str)
def test_no_small_number_is_shown(clients, page, filters):
    shown = counts(clients["none"], page, filters)
    assert not {key: value for key, value in shown.items() if 0 < abs(value) < 8}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("filters", SCOPES, ids=str)
def test_no_small_number_is_the_whole_less_the_others_along_a_filter(clients, page, filters):
    whole = counts(clients["none"], page, filters)
    for along, values in ALONG.items():
        if along in filters or (along == "pathway" and "pathway" in filters):
            continue
        parts = [counts(clients["none"], page, {**filters, along: value}) for value in values]
        for key, total in whole.items():
            if along == "tf" and len(key) > 2 and key[1] != "All specialties":
                continue  # another specialty's row
            known = [part.get(key) for part in parts]
            if known.count(None) == 1:
                rest = total - sum(one for one in known if one is not None)
                assert not 0 < rest < 8, (key, total, dict(zip(values, known, strict=True)))


@pytest.mark.parametrize("filters", SCOPES, ids=str)
@pytest.mark.parametrize("page", ["/", "/list?band=16", "/specialties", "/trends", "/breaches", *BREACHES])
def test_no_small_number_is_a_total_less_the_other_rows(clients, page, filters):
    truth = figures(clients["single-user"], page, filters)
    shown = figures(clients["none"], page, filters)
    for card, column in {(key[0], key[2]) for key in shown if len(key) == 3}:
        rows = column_of(shown, card, column)
        total = next((number(rows[row]) for row in TOTALS if row in rows), None)
        # A row that is not there holds nobody, or is hidden: it is taken for hidden.
        everybody = {*rows, *column_of(truth, card, column)} - set(TOTALS)
        parts = {row: number(rows.get(row)) for row in everybody}
        if total is not None and list(parts.values()).count(None) == 1:
            rest = total - sum(one for one in parts.values() if one is not None)
            assert not 0 < rest < 8, (card, column, total, parts)


def column_of(found: dict[tuple[str, ...], str], card: str, column: str) -> dict[str, str]:
    return {key[1]: text for key, text in found.items() if len(key) == 3 and key[::2] == (card, column)}


THRESHOLDS = ("Waiting", "Over 18 weeks", "Over 40 weeks", "Over 52 weeks", "Over 65 weeks", "Over 78 weeks")


@pytest.mark.parametrize("filters", SCOPES, ids=str)
def test_no_two_thresholds_of_a_page_are_a_small_number_apart(clients, filters):
    for page in ("/", "/trends", "/specialties"):
        shown = counts(clients["none"], page, filters)
        by_place: dict[tuple[str, ...], list[int]] = {}
        for key, value in shown.items():
            name = key[1] if len(key) == 2 or key[1] in THRESHOLDS else key[2]
            if name in THRESHOLDS:
                by_place.setdefault((key[0], key[1] if name == key[-1] else ""), []).append(value)
        for place, values in by_place.items():
            apart = {abs(one - other) for one, other in combinations(values, 2)}
            assert not apart & set(range(1, 8)), (page, place, values)


def everything(node) -> Iterator[str]:
    """Every text of a page, hovers and values of charts included."""
    if isinstance(node, dict):
        for child in node.values():
            yield from everything(child)
    elif isinstance(node, list):
        for child in node:
            yield from everything(child)
    elif node is not None:
        yield str(int(node)) if isinstance(node, float) and node == int(node) else str(node)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("filters", [{}, {"tf": "C_100"}, {"site": "R9A01"}, {"priority": "1"}], ids=str)
def test_nothing_says_how_many_clock_starts_are_known(clients, page, filters):
    total = int(
        served.tile_number(ask(clients["single-user"], "/", filters), "Waiting list").replace(",", "")
    )
    texts = " ".join(everything(json.loads(json.dumps(ask(clients["none"], page, filters)))))
    numbers = {text.replace(",", "") for text in served.numbers(texts)}
    assert str(total - UNKNOWN) not in numbers


def test_the_week_bands_do_not_add_up_to_all_but_a_few(clients):
    shown = figures(clients["none"], "/list", {})
    day = next(key[2] for key in shown if key[0] == "shape")
    bands = [number(text) for key, text in shown.items() if key[0] == "shape" and key[2] == day]
    assert bands.count(None) >= 2


@pytest.mark.parametrize("filters", SCOPES, ids=str)
def test_the_checks_do_not_give_away_one_of_them(clients, filters):
    page = ask(clients["none"], "/quality", filters)
    found = figures(clients["none"], "/quality", filters)
    rows = {key[1]: {} for key in found if key[0] == "checks"}
    for key, text in found.items():
        if key[0] == "checks":
            rows[key[1]][key[2]] = text
    found = {name: number(row["Found"]) for name, row in rows.items()}
    of = {name: number(row["Of"].partition(" ")[0]) for name, row in rows.items()}
    for name in rows:
        if found[name] is not None and of[name] is not None:
            assert not 0 < of[name] - found[name] < 8, (name, rows[name])
    notice = served.words(page)
    exact = re.search(r"(At least )?([\d,]+) rows? (?:is|are) in doubt", notice)
    assert exact is not None
    assert exact[1] or None not in found.values()

"""A scope is whole from the start: rules and reader are in it, and nobody outside its room patches one."""

import ast
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from dashboard.filters import from_query
from dashboard.scope.scope import Scope, resolve
from dashboard.server.access import ANYBODY, Reader
from dashboard.store.cache import reading
from ingest.store.database import make_engine
from rtt.spc.settings import Rules
from tests.dashboard import enquiries

ROOT = Path(__file__).parents[3]
OUTSIDE = sorted(
    path
    for folder in ("dashboard", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "scope" not in path.relative_to(ROOT).parts[:-1]
)
JO = Reader("jo", may_see_pathways=True)


def patched(tree: ast.AST) -> list[int]:
    """The lines that call `dataclasses.replace` on a scope, by its name or by a field that only it has."""
    own = {field.name for field in fields(Scope)} - {"filters", "source", "census", "codes", "functions"}
    return [
        call.lineno
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "replace"
        if "scope" in ast.unparse(call.args[0]).split("(")[0].split(".")[-1]
        or "resolve(" in ast.unparse(call.args[0])
        or {keyword.arg for keyword in call.keywords} & own
    ]


def test_the_walk_finds_a_patched_scope():
    for line in (
        "replace(scope, filters=filters)",
        "replace(found.scope, codes=codes)",
        "replace(resolve(connection, filters, here), rules=rules)",
        "replace(choice, enquiry=here)",
    ):
        assert patched(ast.parse(line)) == [1], line
    assert patched(ast.parse("replace(scope.filters, tf=())")) == []
    assert patched(ast.parse("replace(scope.selection(dates), functions=())")) == []
    assert patched(ast.parse("replace(scope.filters, census=scope.census)")) == []


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_outside_the_room_patches_a_scope(path):
    assert patched(ast.parse(path.read_text())) == []


@pytest.fixture(scope="module")
def sample(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield engine
    engine.dispose()


def test_settings_and_reader_are_in_the_scope_and_in_nobody_elses(sample):
    """What is kept of a scope between requests holds no reader."""
    asked = enquiries.by(JO, date(2026, 3, 4), spc_shift=8, spc_two_sigma="between")
    filters, _ = from_query("source=weekly")
    with reading(sample) as connection:
        mine, theirs = resolve(connection, filters, asked), resolve(connection, filters, enquiries.by())
    assert (mine.reader, mine.rules) == (JO, Rules(length=8, two_sigma="between"))
    assert (theirs.reader, theirs.rules) == (ANYBODY, Rules())
    assert theirs.conceals
    assert not mine.conceals


def test_another_reader_sees_the_same_scope_under_the_same_settings(sample):
    with reading(sample) as connection:
        mine = resolve(connection, from_query("source=weekly")[0], enquiries.by(JO, spc_shift=8))
    public = mine.seen_by(ANYBODY)
    assert public.conceals
    assert (public.rules, public.enquiry.today) == (mine.rules, mine.enquiry.today)
    assert public.seen_by(JO) == mine


@pytest.mark.parametrize(
    "query", ["source=monthly", "source=monthly&level=provider&org=R9A", "source=weekly"]
)
def test_what_follows_from_the_extracts_is_what_they_say(sample, query):
    with reading(sample) as connection:
        scope = resolve(connection, from_query(query)[0], enquiries.by())
    held = [each for each in scope.loaded.of(scope.source) if each.census_date == scope.census]
    assert scope.open_band == held[0].open_band
    assert scope.previous == scope.dates[-2]
    assert scope.since(scope.previous) == scope.dates[-2:]
    assert scope.since(None) == (scope.census,)
    assert "C_999" not in scope.offered_functions
    assert bool(scope.sites) == (scope.source == "weekly")

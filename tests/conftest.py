"""Fixtures that every test may use, and the rule that a full run skips nothing it need not."""

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright
from sqlalchemy import Engine, text

from ingest.store.database import make_engine, migrate
from tests import allowances, folders, makers, sample, servers
from tests.browser import policy

SOAK = os.environ.get("RTT_SOAK") == "1"
pytest_fixture_setup = folders.remove_with_the_fixture
pytest_sessionfinish = allowances.fail_on_needless_skips
pytest_terminal_summary = allowances.name_the_skips

# The settings of whoever runs the tests never reach them: a test must not find that person's own database.
for _name in set(os.environ) - {"RTT_CI", "RTT_SOAK", "RTT_CANNOT_INSTALL"}:
    if _name.startswith("RTT_"):
        del os.environ[_name]

# A tenth of the repetitions unless `make soak` asks for all; no deadline, for two cores are shared;
# derandomised, so that a run says the same about the same code whenever it is made.
hypothesis.settings.register_profile("short", max_examples=30, deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("soak", max_examples=300, deadline=None, database=None)
hypothesis.settings.load_profile("soak" if SOAK else "short")


# The fixtures behind which stands more than Python and SQLite: what asks for one is not run by `make quick`.
EQUIPMENT = {
    "demo_template", "postgresql_server", "serve", "serve_for_all", "nginx", "chromium", "published", "java",
    "s3_server",
}  # fmt: skip


# What tests/run.sh has made beside the first tests, by the fixtures that ask for it, in the order of its end.
ALONGSIDE = {"java": 1, "s3_server": 1, "demo_template": 2}


def pytest_itemcollected(item: pytest.Item) -> None:
    if not EQUIPMENT.isdisjoint(getattr(item, "fixturenames", ())):
        item.add_marker(pytest.mark.equipped)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that need the sample data come last, and before them what needs Spark or an S3 server: until they
    are built and installed, nobody waits for them.
    """
    late: dict[Path, int] = {}
    for item in items:
        wanted = [ALONGSIDE[name] for name in getattr(item, "fixturenames", ()) if name in ALONGSIDE]
        late[item.path] = max([late.get(item.path, 0), *wanted])
    items.sort(key=lambda item: late[item.path])


expect.set_options(timeout=servers.PATIENCE / 2)


@pytest.fixture(scope="session", autouse=True)
def _home(tmp_path_factory) -> None:
    """What a test writes without saying where must not land in the checkout either."""
    os.environ["RTT_HOME"] = str(tmp_path_factory.mktemp("home"))
    os.environ |= servers.NO_PUBLISHER


@pytest.fixture(autouse=True)
def _temporary_files_as_before() -> Iterator[None]:
    """A command that runs inside a test puts the temporary files of its process into its own folder."""
    before = tempfile.tempdir
    yield
    tempfile.tempdir = before


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of published files and the figures that they must give."""
    if not allowances.PUBLISHED.is_dir():
        allowances.skip_without_published_files()
    return allowances.PUBLISHED


@pytest.fixture(scope="session")
def repetitions() -> Callable[[int], int]:
    """n repetitions under `make soak`, a tenth of them (at least one) otherwise."""
    return lambda n: n if SOAK else max(1, n // 10)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """A migrated, empty SQLite database, to copy."""
    path = tmp_path_factory.mktemp("template") / "rtt.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server for the tests of this process: database name -> URL; `template` is migrated."""
    programs = servers.postgresql_programs()
    if programs is None:
        allowances.skip_without_package("postgresql")
    with servers.postgresql(programs) as url:
        _administer(url, 'CREATE DATABASE "template"')
        _migrated(url("template"))
        yield url


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path) -> str:
    """The URL of a fresh, migrated SQLite database."""
    shutil.copy(sqlite_template, tmp_path / "rtt.db")
    return f"sqlite:///{tmp_path / 'rtt.db'}"


_numbers = itertools.count()


@pytest.fixture
def postgresql_url(postgresql_server) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    name = f"rtt_{next(_numbers)}"
    _administer(postgresql_server, f'CREATE DATABASE "{name}" TEMPLATE "template"')
    yield postgresql_server(name)
    _administer(postgresql_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request) -> str:
    """A fresh database of each kind in turn, for tests that start a process of their own."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def engine(database_url) -> Iterator[Engine]:
    """A fresh, migrated database of each kind in turn."""
    yield from _engine(database_url)


@pytest.fixture
def sqlite_engine(sqlite_url) -> Iterator[Engine]:
    """A fresh, migrated SQLite database."""
    yield from _engine(sqlite_url)


@pytest.fixture
def make_extract(tmp_path) -> Callable[..., Path]:
    """make_extract(facts, census=...) -> a monthly extract in the test's folder; see tests/makers.py."""

    def make(facts: makers.Facts, *, census: date, revised: bool = False, **layout) -> Path:
        path = tmp_path / makers.file_name(census, revised=revised)
        path.write_bytes(makers.as_csv(makers.table(facts, census=census, **layout)).encode())
        return path

    return make


@pytest.fixture(scope="session")
def demo_template() -> Path:
    """The sample data in a SQLite database that all tests share: read it, do not change it."""
    return sample.database()


@pytest.fixture
def demo_url(demo_template, tmp_path) -> str:
    """The URL of a copy of the sample data, to change at will."""
    shutil.copy(demo_template, tmp_path / "demo.db")
    return f"sqlite:///{tmp_path / 'demo.db'}"


@pytest.fixture
def demo(demo_url) -> Iterator[Engine]:
    """A copy of the sample data."""
    yield from _engine(demo_url)


@pytest.fixture
def serve(tmp_path) -> Iterator[Callable[..., str]]:
    """serve(RTT_DATABASE_URL=..., workers=1) -> the address of a real gunicorn with these settings.

    Unless they say otherwise its RTT_HOME is `home` in the test's folder. Its log is `gunicorn.log` there.
    """
    yield from _serving(tmp_path)


@pytest.fixture(scope="module")
def serve_for_all(tmp_path_factory) -> Iterator[Callable[..., str]]:
    """As `serve`, for a server that all tests of a file share because they only read: to start takes long."""
    yield from _serving(tmp_path_factory.mktemp("served"))


@pytest.fixture
def nginx(tmp_path) -> Callable[[str], contextlib.AbstractContextManager[str]]:
    """nginx(locations) -> a real nginx with these `location` blocks, as a context with its address."""
    if not servers.NGINX.exists():
        allowances.skip_without_package("nginx")
    return lambda locations: servers.nginx(locations, folder=tmp_path / "nginx")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window; it asks no host of its maker for anything."""
    if not servers.CHROMIUM.exists():
        allowances.skip_without_package("chromium")
    # Chromium's sandbox refuses to run as root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=servers.CHROMIUM, args=[*servers.QUIET_CHROMIUM, *sandbox]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium) -> Iterator[Page]:
    """A new page of a London reader, who has nothing kept from another page; see `_watched`."""
    with _london(chromium) as (context, refused):
        yield from _watched(context, refused)


@pytest.fixture(scope="module")
def reader_options() -> dict[str, Any]:
    """What the browser of `tab` has besides; a file says its own, such as a screen to touch."""
    return {}


@pytest.fixture(scope="module")
def _reader(chromium, reader_options) -> Iterator[tuple[BrowserContext, list[str]]]:
    with _london(chromium, **reader_options) as reader:
        yield reader


@pytest.fixture
def tab(_reader) -> Iterator[Page]:
    """As `page`, of a reader whom all tests of a file share: scripts and styles are fetched once."""
    yield from _watched(*_reader)


@contextlib.contextmanager
def _london(chromium: Browser, **options: Any) -> Iterator[tuple[BrowserContext, list[str]]]:
    """A browser context, and what the browser refuses on its pages by our policy."""
    context = chromium.new_context(locale="en-GB", timezone_id="Europe/London", **options)
    context.set_default_timeout(servers.PATIENCE)
    servers.let_in(context)
    servers.BROWSERS.append(context)
    try:
        yield context, policy.refusals(context)
    finally:
        servers.BROWSERS.remove(context)
        context.close()


def _watched(context: BrowserContext, refused: list[str]) -> Iterator[Page]:
    """A page that fails the test if it asks another host, its script breaks, or the browser refuses something
    of it by our policy.
    """
    strangers, faults = [], []

    def look(asked: Request) -> None:
        if not servers.is_here(asked.url):
            strangers.append(asked.url)

    refused.clear()
    page = context.new_page()
    context.on("request", look)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    context.remove_listener("request", look)
    assert strangers == [], "a page asked another host"
    assert faults == [], "a page's script broke"
    assert refused == [], "the browser refused something of ours"


def _serving(folder: Path) -> Iterator[Callable[..., str]]:
    with contextlib.ExitStack() as stack:

        def start(*, workers: int = 1, port: int | None = None, **settings: str) -> str:
            environment = {"RTT_HOME": str(folder / "home"), **settings}
            log = folder / "gunicorn.log"
            return stack.enter_context(servers.gunicorn(environment, log=log, workers=workers, port=port))

        yield start


def _engine(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    yield engine
    engine.dispose()


def _migrated(url: str) -> None:
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()


def _administer(url: Callable[[str], str], statement: str) -> None:
    engine = make_engine(url("postgres"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()

"""What people do most, in Firefox and in WebKit: filter, drill, back, upload, pack, patients, wall screen."""

import shutil
import subprocess
from datetime import UTC, date, datetime

import pytest

from dashboard.application import create_app
from dashboard.server.access import Reader
from dashboard.server.url_tokens import hash_of
from dashboard.settings.settings import Settings
from dashboard.store import writing
from ingest.store.database import make_engine
from tests import makers
from tests.browser import engines
from tests.browser.in_process import serving

pytestmark = [pytest.mark.browser, pytest.mark.soak]

DRAWN = "document.querySelector('#page h1')"
# A press before that meets what has moved meanwhile.
CHARTS_ARE_DRAWN = (
    "[...document.querySelectorAll('.rtt-chart')].every(each => each.querySelector('.main-svg'))"
)
NOW = datetime(2026, 2, 24, 9, 0, tzinfo=UTC)
TOKEN = "a-token-of-256-random-bits"
MAKERS = {"firefox": engines.firefox, "webkit": engines.webkit}


@pytest.fixture(scope="module")
def address(demo_template, tmp_path_factory):
    """The sample data with a wall screen, served while its newest figures are new."""
    path = shutil.copy(demo_template, tmp_path_factory.mktemp("sample") / "demo.db")
    engine = make_engine(f"sqlite:///{path}")
    writing.save_screen(
        engine,
        Reader("jo", may_write=True),
        title="Surgery",
        query="source=monthly&level=provider&org=R9A",
        pages=(("share_within_18", "over_52", "total"),),
        inches=43,
        metres=4,
        theme="time",
        token_hash=hash_of(TOKEN),
        at=NOW,
    )
    app = create_app(engine, Settings(home=path.parent / "home", access="single-user"), now=lambda: NOW)
    with serving(app.server) as port:
        yield f"http://127.0.0.1:{port}"
    engine.dispose()


@pytest.fixture(scope="module", params=MAKERS)
def engine(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    with MAKERS[request.param](folder) as engine:
        engine.folder = folder
        yield engine


def opened(engine, address):
    engine.go(address)
    engine.wait(DRAWN)
    engine.wait(CHARTS_ARE_DRAWN)


def heading(engine, words):
    engine.wait("document.querySelector('#page h1')?.textContent.includes(arguments[0])", words)


def test_a_press_on_a_specialtys_name_ticks_it_and_leaves_the_menu_open(engine, address):
    """Fault 37: in every engine a press on the name closed the menu; Safari focuses no box at all."""
    opened(engine, f"{address}/trends")
    assert engine.run("return document.hasFocus();"), "without focus this would prove nothing"
    engine.press("details.rtt-choices > summary")
    for number, name in ((2, "Trauma & orthopaedics"), (3, "Ear, nose & throat")):
        engine.press(".rtt-choices .form-check label", number)
        heading(engine, name)
        engine.wait("document.querySelector('details.rtt-choices').open")
    engine.press(".rtt-choices .form-check input", 4)
    heading(engine, "Ophthalmology")
    assert engine.run("return document.querySelectorAll('.rtt-choices input:checked').length;") == 3
    engine.press("footer p")
    engine.wait("!document.querySelector('details.rtt-choices').open")


def test_filter_drill_down_and_back(engine, address):
    opened(engine, address)
    engine.press(".rtt-switch a", 1)
    engine.wait("document.querySelector('.rtt-switch [aria-current]')?.textContent === 'Month'")
    opened(engine, f"{address}/?source=monthly")
    engine.choose("pathway", "dta")
    engine.wait("location.search.includes('pathway=dta')")
    heading(engine, "England")
    engine.wait("document.querySelector('[data-card=next-region] .barlayer path')")
    engine.press("[data-card=next-region] .barlayer path")
    heading(engine, "Midshires")
    engine.back()
    heading(engine, "England")
    assert engine.run("return location.search.includes('pathway=dta');")


def test_bars_of_breaches_lead_to_the_patients(engine, address):
    opened(engine, f"{address}/breaches")
    engine.wait("document.querySelector('[data-card=ladder] .barlayer path')")
    engine.press("[data-card=ladder] .barlayer path")
    heading(engine, "Patients")
    assert engine.run("return document.querySelectorAll('.rtt-pathways tbody tr').length;") > 0


def test_a_file_is_refused_and_says_why(engine, address, tmp_path):
    opened(engine, f"{address}/status")
    damaged = tmp_path / makers.file_name(date(2026, 1, 31))
    damaged.write_text("<html>Sign in first</html>")
    engine.put("#upload-files", damaged)
    engine.press(".rtt-upload button[type=submit]")
    engine.wait("document.querySelector('.rtt-result--refused')?.textContent.includes('refused')")


def test_a_card_and_a_pack_are_saved(engine, address):
    opened(engine, f"{address}/trends")
    engine.press("[role=tab][data-tab=download]")
    engine.press("[data-export=csv]")
    _saved(engine, "*.csv")
    opened(engine, f"{address}/pack")
    engine.press("#page a[href*='.docx']")
    _saved(engine, "*.docx")


def _saved(engine, pattern):
    for _ in range(600):
        found = [each for each in engine.folder.rglob(pattern) if each.stat().st_size]
        if found and not list(engine.folder.rglob("*.part")):
            return
        engine.run("return 1;")
        engine.pause(0.1)
    raise AssertionError(f"{engine.name} saved no {pattern}")


def test_the_wall_screen_shows_its_figures_and_every_line_has_a_length(engine, address):
    """Fault 38: WebKit draws a path without length, its stroke not scaled, as an ellipse over the words."""
    engine.go(f"{address}/screen/surgery?token={TOKEN}")
    engine.wait("document.querySelectorAll('.spark .newest').length === 3")
    lengths = engine.run("return [...document.querySelectorAll('path')].map(each => each.getTotalLength());")
    assert min(lengths) > 0


@pytest.mark.parametrize("path", ["/", "/trends", "/breaches", "/specialties?source=monthly"])
def test_on_paper_a_heading_stands_over_what_it_heads(engine, address, path, tmp_path):
    """Fault 39: Firefox left a card's heading alone at the foot of a page."""
    if engine.name == "WebKit":
        return  # it has no command to print
    opened(engine, address + path)
    headings = engine.run("return [...document.querySelectorAll('.rtt-card h2')].map(it => it.textContent);")
    file = tmp_path / "page.pdf"
    file.write_bytes(engine.printed())
    told = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
    last = [page.split("\n")[-1].strip() for page in map(str.rstrip, told.stdout.split("\f")) if page]
    assert last
    assert [line for line in last if line and any(each.endswith(line) for each in headings)] == []


def test_menus_look_alike(engine, address):
    """Fault 39: WebKit drew its own grey menus beside our white one."""
    opened(engine, f"{address}/trends")
    looks = engine.run(
        "return [...document.querySelectorAll('.rtt-pick select')].map(each => {"
        "const style = getComputedStyle(each); return [style.appearance, style.backgroundColor].join();});"
    )
    # The chip round a menu is white; the menu itself is clear.
    assert set(looks) == {"none,rgba(0, 0, 0, 0)"}

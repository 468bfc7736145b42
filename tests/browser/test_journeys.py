"""What people come for, from the first press to the figure: by mouse, by touch on a phone, and by keyboard.

Each journey counts its actions (`person.py`) and holds what it arrives at against the addresses for programs,
or against the rows of the database, never against what the page says elsewhere.
"""

import contextlib
import csv
import io
import re
import shutil
import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Engine, select

from dashboard.application import create_app
from dashboard.settings.settings import Mail, Proxy, Settings
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from ingest.store.schema import pathway
from tests import makers
from tests.browser.controls import PATIENCE, WAYS
from tests.browser.drawing import settled
from tests.browser.in_process import serving
from tests.browser.person import Person
from tests.dashboard.mail.post import Post, post_office

pytestmark = pytest.mark.browser

# The Monday after the newest list of the sample.
NOW = datetime(2026, 2, 23, 9, tzinfo=UTC)
MARCH = date(2025, 3, 31)
SECRET = "a secret of the proxy"
# What the proxy says of the person who signs in, with every request.
SIGNED_IN = {
    "HTTP_X_PROXY_SECRET": SECRET,
    "HTTP_X_REMOTE_USER": "jo",
    "HTTP_X_REMOTE_GROUPS": "booking,writers",
}
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
REGION = "/?source=monthly&level=region&org=Y99"
TAMEFORD = "/?source=monthly&level=provider&org=R9A"
# No two screens have one name.
SCREENS = dict(zip(WAYS, ("C_110", "C_130", "C_120"), strict=True))
# Twelve trusts whose lists are half orthopaedics, more or less, but for one that treats eyes alone.
TRUSTS = [f"R{letter}{digit}" for letter in "ABCDEF" for digit in "12"]
EYES = "RF2"


@pytest.fixture(scope="module")
def reader_options() -> dict[str, Any]:
    return {"has_touch": True}


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    with post_office() as made:
        yield made


@pytest.fixture(scope="module")
def sample(demo_template, tmp_path_factory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("sample")
    engine = make_engine(f"sqlite:///{shutil.copy(demo_template, folder / 'demo.db')}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def address(sample, post, tmp_path_factory) -> Iterator[str]:
    """The sample on a day on which its list is new, for people who sign in."""
    with _served(sample, tmp_path_factory.mktemp("home"), port=post.port) as address:
        yield address


@pytest.fixture(scope="module")
def trusts(sqlite_template, tmp_path_factory) -> Iterator[str]:
    """One month of twelve made-up trusts."""
    folder = tmp_path_factory.mktemp("trusts")
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'rtt.db')}")
    facts = {
        (trust, "01A", "2", function): {5: 60 + 7 * at, 30: 50 + 3 * at, 60: at}
        for at, trust in enumerate(TRUSTS)
        for function in (("C_130",) if trust == EYES else ("C_110", "C_120"))
    } | {(EYES, "01A", "2", "C_110"): {5: 21, 30: 4}}
    extract = folder / makers.file_name(MARCH)
    extract.write_bytes(makers.as_csv(makers.table(facts, census=MARCH)).encode())
    (result,) = load_path(engine, extract)
    assert result.state == "loaded"
    with _served(engine, folder, port=1) as address:
        yield address
    engine.dispose()


@contextlib.contextmanager
def _served(engine: Engine, home: Path, *, port: int) -> Iterator[str]:
    groups = {"pathway_readers": frozenset({"booking"}), "writers": frozenset({"writers"})}
    proxy = Proxy(addresses=("127.0.0.1",), secret=SECRET, **groups)
    mail = Mail(host="127.0.0.1", port=port, security="none", sender="rtt@trust.example")
    settings = Settings(home=home, access="proxy", proxy=proxy, mail=mail, link="http://127.0.0.1")
    app = create_app(engine, settings, today=NOW.date, now=lambda: NOW)
    with serving(lambda environ, start: app.server(environ | SIGNED_IN, start)) as found:
        yield f"http://127.0.0.1:{found}"


@pytest.fixture(params=WAYS)
def person(request, tab) -> Person:
    tab.set_default_timeout(20_000)
    tab.set_viewport_size(PHONE if request.param == "touch" else WIDE)
    return Person(tab, request.param)


# The figures, as programs ask for them


def rows(page: Page, address: str, **asked: str) -> list[dict[str, Any]]:
    answer = page.context.request.get(f"{address}/api/figures.json", params={"part": "2"} | asked)
    assert answer.ok, answer.text()
    return answer.json()


def figure(page: Page, address: str, **asked: str) -> dict[str, Any]:
    """The newest row of one organisation and specialty."""
    return rows(page, address, **{"source": "monthly", "level": "provider"} | asked)[-1]


def of_newest(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in found if each["census_date"] == found[-1]["census_date"]]


def percent(row: dict[str, Any]) -> str:
    known = row["total"] - (row["unknown_clock_start"] or 0)
    tenths = (Decimal(100) * row["within_18"] / known).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{tenths}%"


# What is pressed and read


def card(page: Page, name: str) -> Locator:
    return page.locator(f"[data-card={name}]")


def tile(page: Page, name: str) -> Locator:
    return page.locator(".rtt-tile", has=page.get_by_role("heading", name=name, exact=True))


def shows(person: Person, row: dict[str, Any]) -> None:
    """The tiles of the page have the figures of this row."""
    expect(tile(person.page, "Within 18 weeks")).to_contain_text(percent(row))
    expect(tile(person.page, "Waiting list")).to_contain_text(f"{row['total']:,}")


def opens_page(person: Person, *names: str) -> None:
    """By the navigation, through its menus; a phone folds it away behind one press more."""
    pages = person.page.get_by_role("navigation", name="Pages")
    if person.way == "touch":
        person.presses(person.page.get_by_role("button", name="Menu"))
    for menu in names[:-1]:
        person.presses(pages.locator("summary", has_text=menu))
    person.presses(pages.get_by_role("link", name=names[-1], exact=True))


def the_menu(person: Person) -> int:
    return 1 if person.way == "touch" else 0


def cells(table: Locator) -> list[list[str]]:
    """Of all rows, also those that are folded away."""
    return table.locator("tbody tr").evaluate_all(
        "all => all.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )


# The journeys


def test_a_service_lead_finds_tamefords_trauma_and_orthopaedics(person, address):
    """I type what we call it, press Enter, and see how we stand."""
    person.opens(address)
    person.writes(person.page.get_by_role("combobox", name="Find a place or specialty"), "tameford trauma")
    person.arrives("Tameford", "Trauma & orthopaedics")
    assert person.actions <= 2
    shows(person, figure(person.page, address, organisation="R9A", treatment_function="C_110"))


def test_an_operations_manager_opens_the_worst_specialty_from_the_overview(person, address):
    """The first row of the specialties is the one to worry about: one press on it."""
    person.opens(f"{address}{REGION}")
    every = of_newest(rows(person.page, address, source="monthly", level="region", organisation="Y99"))
    shares = [each for each in every if each["treatment_function_code"] != "C_999" and each["total"] >= 20]
    worst = min(shares, key=lambda each: each["share_within_18"])
    first = card(person.page, "specialties").locator("tbody tr").first
    person.presses(first.get_by_role("link"))
    expect(person.page).to_have_url(re.compile(f"tf={worst['treatment_function_code']}"))
    person.arrives("Midshires, ")
    assert person.actions <= 1
    shows(person, worst)


def test_an_analyst_sorts_the_specialties_by_those_over_52_weeks_and_follows_the_first(person, address):
    """Most long waits first: I press the heading, then the first name."""
    person.opens(f"{address}{TAMEFORD}")
    every = of_newest(rows(person.page, address, source="monthly", level="provider", organisation="R9A"))
    longest = sorted(each["over_52"] for each in every if each["treatment_function_code"] != "C_999")[::-1]
    table = card(person.page, "specialties")
    person.presses(table.get_by_role("link", name="Over 52 weeks", exact=True))
    expect(table.get_by_role("columnheader", name="Over 52 weeks")).to_have_attribute(
        "aria-sort", "descending"
    )
    column = table.get_by_role("columnheader").all_inner_texts().index("Over 52 weeks")
    listed = [row for row in cells(table) if row[0] != "All specialties" and len(row) > column]
    assert [int(row[column]) for row in listed] == longest
    person.presses(table.locator("tbody tr").first.get_by_role("link"))
    person.arrives("Tameford", listed[0][0])
    assert person.actions <= 2
    expect(tile(person.page, "Over 52 weeks")).to_contain_text(str(longest[0]))


def test_a_manager_asks_why_orthopaedics_is_low_and_comes_to_the_trust(person, address):
    """From the ICB to its specialty, to its trusts with the lowest first, to the one trust."""
    person.opens(f"{address}/?source=monthly&level=icb&org=QZ9")
    page = person.page
    person.presses(card(page, "specialties").get_by_role("link", name="Trauma & orthopaedics", exact=True))
    person.arrives("Trauma & orthopaedics")
    below = card(page, "next-provider")
    person.presses(below.get_by_role("tab", name="Table"))
    every = of_newest(rows(page, address, source="monthly", level="provider", treatment_function="C_110"))
    lowest = min(every, key=lambda each: each["share_within_18"])
    person.presses(below.locator("tbody tr").first.get_by_role("link"))
    expect(page).to_have_url(re.compile(f"org={lowest['organisation_code']}"))
    person.arrives("Trauma & orthopaedics")
    assert person.actions <= 3
    shows(person, lowest)


def test_an_executive_sets_another_trust_beside_ours(person, address):
    """On our specialty I add a trust by its code, and read both of them in one table."""
    person.opens(f"{address}/specialties{TAMEFORD[1:]}&tf=C_110")
    page, peers = person.page, card(person.page, "peers")
    person.writes(page.get_by_role("combobox", name="Add a place by name or code"), "R9B")
    expect(page.get_by_role("link", name="Remove Avonmoor")).to_be_visible()
    settled(page)
    person.presses(peers.get_by_role("tab", name="Table"))
    assert person.actions <= 3
    newest = next(row for row in cells(peers) if row[0].startswith("31 Dec 2025"))
    heads = peers.get_by_role("columnheader").all_inner_texts()
    for code, name in (("R9A", "Tameford"), ("R9B", "Avonmoor")):
        row = figure(page, address, organisation=code, treatment_function="C_110")
        assert newest[heads.index(name)] == percent(row)


def test_an_analyst_takes_the_nearest_peers_in_specialty_mix(person, trusts):
    """The eye hospital treats another mix: of eleven others it is the one that is left out."""
    person.opens(f"{trusts}/specialties?org=RA1&tf=C_110")
    page = person.page
    person.chooses(page.get_by_role("combobox", name="Peers"), "Nearest 10 in specialty mix")
    page.wait_for_url("**among=mix*")
    settled(page)
    table = page.locator("details", has_text="Peers of RA1, by name")
    person.presses(table.locator("summary").first)
    assert person.actions <= 3
    found = {row[0].split()[0]: row for row in cells(card(page, "peer-table"))}
    assert sorted(set(found) & set(TRUSTS)) == sorted(set(TRUSTS) - {EYES})
    for code in set(TRUSTS) - {EYES}:
        row = figure(page, trusts, organisation=code, treatment_function="C_110")
        assert percent(row) in found[code], code


def test_a_director_sees_where_the_trust_stands_among_the_deciles_of_its_peers(person, trusts):
    """The peers' deciles, worked out anew from the figures of each peer."""
    person.opens(f"{trusts}/specialties?org=RA1&tf=C_110")
    page, peers = person.page, card(person.page, "peers")
    assert "over 1 month, among the deciles of peers" in peers.inner_html()
    person.presses(peers.get_by_role("tab", name="Table"))
    assert person.actions <= 1
    every = rows(page, trusts, source="monthly", level="provider", treatment_function="C_110")
    shares = {each["organisation_code"]: each["share_within_18"] for each in every}
    own = shares.pop("RA1")
    deciles = statistics.quantiles(shares.values(), n=10, method="inclusive")
    (row,) = cells(peers)
    assert row[1:11] == [f"{100 * each:.1f}%" for each in (own, *deciles)]
    expect(peers.get_by_role("heading", level=2)).to_contain_text(
        f"{100 * own:.1f}%, below the 1st decile of {len(shares)} NHS trusts"
    )


def test_a_booking_lead_opens_the_patients_who_breach_next_week(person, address, sample):
    """From the breaches to the week, to its patients."""
    person.opens(f"{address}/?source=weekly")
    page = person.page
    opens_page(person, "Breaches")
    person.arrives("Predicted breaches")
    weeks = card(page, "ladder-weeks")
    person.presses(weeks.get_by_role("tab", name="Table"))
    person.presses(weeks.get_by_role("link", name="1 Mar 2026"))
    person.arrives("Patients")
    assert person.actions <= 3 + the_menu(person)
    # Day 127 is the first on which a clock has run more than 18 weeks.
    with sample.connect() as connection:
        listed = connection.execute(select(pathway.c.clock_start, pathway.c.census_date, pathway.c.basis))
        within = [
            0 < (start + timedelta(127) - census).days <= 7
            for start, census, basis in listed
            if start and census == date(2026, 2, 22) and basis == "english"
        ]
    words = f"{sum(within)} pathways on 22 Feb 2026"
    expect(page.get_by_role("heading", level=2, name=words)).to_be_visible()


def test_a_validation_clerk_takes_the_patients_without_a_date_along(person, address):
    """Three actions to the patients without a date; then their file, with its purpose."""
    person.opens(f"{address}{TAMEFORD}&tf=C_110")
    page = person.page
    opens_page(person, "Patients")
    person.arrives("Patients", "Trauma & orthopaedics")
    row = figure(page, address, source="weekly", organisation="R9A", treatment_function="C_110")
    expect(page.get_by_role("heading", level=2, name=f"{row['total']} pathways")).to_be_visible()
    chip = page.get_by_role("link", name="No date", exact=False).first
    person.presses(chip)
    page.wait_for_url("**only=no-date*")
    assert person.actions <= 3
    settled(page)
    person.presses(page.locator(".rtt-tool summary", has_text="Download"))
    with page.expect_download() as begun:
        person.writes(page.get_by_label("Purpose (logged with your name)"), "Booking meeting")
    assert person.actions <= 5 + the_menu(person)
    text = begun.value.path().read_text(encoding="utf-8-sig")
    taken = list(csv.DictReader(text.splitlines()))
    taken = [each for each in taken if re.fullmatch("[A-Z]{3}-[A-Z2-7]{16}", each["Token"])]
    assert len(taken) == int(chip.inner_text().split()[-1])
    assert len(taken) < row["total"]


def test_an_operations_manager_puts_the_specialty_on_a_wall_screen(person, address):
    """From the page I look at to a screen of it that is on."""
    function = SCREENS[person.way]
    person.opens(f"{address}{TAMEFORD}&tf={function}")
    page = person.page
    opens_page(person, "Reports", "Wall screens")
    person.arrives("Wall screens")
    person.presses(page.get_by_role("button", name="Set up the screen"))
    told = page.get_by_text("Open this address on the screen")
    expect(told).to_be_visible()
    assert person.actions <= 3 + the_menu(person)
    way = next(word for word in told.inner_text().split() if "/screen/" in word)
    page.goto(way)
    row = figure(page, address, organisation="R9A", treatment_function=function)
    expect(page.locator(".tile").first).to_contain_text(percent(row))


def test_a_performance_manager_makes_the_board_pack_and_takes_it(person, address):
    """To the pack in two presses, and the third gives the file."""
    person.opens(f"{address}{TAMEFORD}")
    opens_page(person, "Reports", "Board pack")
    person.arrives("Board pack: Tameford")
    file = person.saves(person.page.get_by_role("link", name="Excel (.xlsx)"))
    assert person.actions <= 3 + the_menu(person)
    book = openpyxl.load_workbook(io.BytesIO(file.path().read_bytes()), read_only=True)
    said = {str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line}
    row = figure(person.page, address, organisation="R9A", treatment_function="C_999")
    assert any(percent(row) in each for each in said)
    assert any(f"{row['total']:,}" in each for each in said)


def test_a_service_lead_keeps_a_place_and_is_written_to(person, address, post):
    """I keep my specialty, see it among my services, and ask for an email each week."""
    person.opens(f"{address}{TAMEFORD}&tf=C_130")
    page = person.page
    if person.way == "touch":
        person.presses(page.get_by_role("button", name="Filters"))
    person.presses(page.get_by_text("About this place"))
    person.presses(page.get_by_role("button", name="Keep this place"))
    person.arrives("My services")
    assert person.actions <= 2 + the_menu(person)
    service = page.locator(".rtt-service", has=page.get_by_role("link", name="Ophthalmology"))
    row = figure(page, address, organisation="R9A", treatment_function="C_130")
    expect(service.locator(".rtt-tile__number")).to_contain_text(percent(row))
    known = len(post.letters)
    person.writes(page.get_by_label("Your email address"), f"{person.way}@trust.example")
    expect(page.get_by_text(f"We sent a link to {person.way}@trust.example")).to_be_visible()
    assert person.actions <= 4 + the_menu(person)
    for _ in range(PATIENCE):
        if len(post.letters) > known:  # it goes out after the answer
            break
        page.wait_for_timeout(50)
    assert [each["To"] for each in post.letters[known:]] == [f"{person.way}@trust.example"]


def test_a_reader_at_night_sees_the_same_in_the_dark(person, address):
    """My device turns dark in the evening and light in the morning: the figures and the page stay."""
    person.opens(f"{address}{TAMEFORD}&tf=C_110")
    page, trend = person.page, card(person.page, "share-trend")
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light, row = page.evaluate(paper), figure(page, address, organisation="R9A", treatment_function="C_110")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(paper) != light
    shows(person, row)
    person.presses(trend.get_by_role("tab", name="Table"))
    page.emulate_media(color_scheme="light")
    assert page.evaluate(paper) == light
    shows(person, row)
    expect(trend.get_by_role("table")).to_be_visible()
    assert person.actions == 1


def test_a_manager_turns_from_month_to_week_and_back_and_to_an_earlier_month(person, address):
    """One press for the weekly list, one for the return; an earlier census is a choice of its menu."""
    person.opens(f"{address}{TAMEFORD}&tf=C_110")
    page = person.page
    of_place = {"organisation": "R9A", "treatment_function": "C_110"}
    both = page.get_by_role("group", name="Week or month")
    person.presses(both.get_by_role("link", name="Week"))
    page.wait_for_url("**source=weekly**")
    person.arrives("Tameford", "Trauma & orthopaedics")
    shows(person, figure(page, address, source="weekly", **of_place))
    person.presses(both.get_by_role("link", name="Month"))
    page.wait_for_url("**source=monthly**")
    settled(page)
    shows(person, figure(page, address, **of_place))
    assert person.actions <= 2
    if person.way == "touch":
        person.presses(page.get_by_role("button", name="Filters"))
    person.chooses(page.get_by_role("combobox", name="Census"), "30 Nov 2025")
    page.wait_for_url("**census=2025-11-30**")
    settled(page)
    shows(person, figure(page, address, census="2025-11-30", **of_place))
    assert person.actions <= 4 + the_menu(person)


def test_an_analyst_sends_the_address_and_back_restores_the_page_before(person, address):
    """What I see is in its address: a colleague opens it, and Back leads me to where I was."""
    person.opens(f"{address}{TAMEFORD}")
    page = person.page
    table = card(page, "specialties")
    person.presses(table.get_by_role("link", name="Urology", exact=True))
    person.arrives("Tameford", "Urology")
    row = figure(page, address, organisation="R9A", treatment_function="C_101")
    shows(person, row)
    assert person.actions <= 1
    colleague = Person(page.context.new_page(), person.way)
    colleague.opens(page.url)
    shows(colleague, row)
    colleague.page.close()
    page.go_back()
    person.arrives("Tameford", "all specialties")
    shows(person, figure(page, address, organisation="R9A", treatment_function="C_999"))

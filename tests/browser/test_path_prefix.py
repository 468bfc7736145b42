"""The dashboard below a path of its host, used in a browser through a real nginx."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests import makers

pytestmark = pytest.mark.browser

FACTS = {("RTD", "01A", "2", "C_110"): {0: 60, 17: 5, 18: 30, 52: 3}}
MARCH = date(2025, 3, 31)


@pytest.fixture
def through(serve, nginx, sqlite_url):
    address = serve(RTT_DATABASE_URL=sqlite_url, RTT_PATH_PREFIX="/rtt", RTT_ACCESS="single-user")
    location = f"location /rtt/ {{ proxy_pass {address}; proxy_set_header Host $http_host; }}"
    with nginx(location) as host:
        yield f"{host}/rtt"


def test_a_reader_uploads_filters_follows_links_and_goes_back_below_the_prefix(page, through, tmp_path):
    """Fault 36: under a sub-path the page stayed at "Loading..." and links left it."""
    file = tmp_path / makers.file_name(MARCH)
    file.write_bytes(makers.as_csv(makers.table(FACTS, census=MARCH)).encode())
    page.goto(f"{through}/status")
    page.get_by_label("Extracts to load").set_input_files(file)
    page.get_by_role("button", name="Load", exact=True).click()
    expect(page.locator("#upload-words")).to_contain_text("Done")
    page.goto(f"{through}/")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    page.locator("nav summary", has_text="Reports").click()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Trends").click()
    # One trust alone is no England: its own scope is in the address.
    expect(page).to_have_url(f"{through}/trends?level=provider&org=RTD")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(f"{through}/")
    page.goto(f"{through}/pack")
    with page.expect_download() as download:
        page.locator("a[href*='pack.xlsx']").first.click()
    assert download.value.suggested_filename.endswith(".xlsx")

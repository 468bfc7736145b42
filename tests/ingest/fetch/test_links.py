"""Links are known by their words and the month in them; addresses say only how new a vintage is."""

from datetime import date

import pytest

from ingest.fetch.links import best, extracts, links_of, time_series, year_pages

HERE = "https://publisher.example/statistics/rtt/"
APRIL = date(2026, 4, 30)


def page(*links):
    return "".join(f'<p><a href="{address}">{text}</a>' for text, address in links).encode()


def offered(*links):
    return extracts(links_of(page(*links), HERE))


@pytest.mark.parametrize(
    ("text", "month", "revision"),
    [
        ("Full CSV data file Apr26 (ZIP, 3M)", APRIL, 0),
        ("Full CSV data file April 2026 (ZIP, 3,163K)", APRIL, 0),
        ("Full CSV data file Apr-26 (ZIP, 3163K)", APRIL, 0),
        ("Full  CSV\n data&nbsp;file&nbsp;<b>Apr26</b> (ZIP, 3M)", APRIL, 0),
        ("FULL CSV DATA FILE SEPT 25 (ZIP, 4M)", date(2025, 9, 30), 0),
        ("Full CSV data file Feb24 (ZIP, 3528K)", date(2024, 2, 29), 0),
        ("Full CSV data file Apr26 revised (ZIP, 4M)", APRIL, 1),
        ("Full CSV data file Apr26 revised-2 (ZIP, 4M)", APRIL, 2),
        ("Full CSV data file April 2026 – revised", APRIL, 1),
        ("Full<br>CSV<br>data file<br>Apr\u201326 (ZIP (3M))", APRIL, 0),
        ("Full CSV data file \u2013 Apr\u201126", APRIL, 0),
        ("Full CSV data file Apr. 26, ZIP", APRIL, 0),
        ("Full CSV data file (revised) April, 2026 (ZIP", APRIL, 1),
        # A day is no number of revisions.
        ("Full CSV data file Apr26 (revised 3 Oct 2026)", APRIL, 1),
        ("Full CSV data file Apr26 revised 03/10/26", APRIL, 1),
        ("Full CSV data file Apr26 revised 2nd November", APRIL, 1),
        ("Full CSV data file Apr26 revised 2 (ZIP, 4M)", APRIL, 2),
    ],
)
def test_a_full_extract_is_known_by_the_words_of_its_link(text, month, revision):
    (found,) = offered((text, "/a.zip"))
    assert (found.month, found.revision) == (month, revision)


@pytest.mark.parametrize(
    "text",
    [
        "Incomplete Commissioner Apr26 (XLSX, 5M)",
        "Full CSV data file (ZIP, 3M)",
        "Latest extract Apr26",
        "Full CSV data file (ZIP of Apr26)",
    ],
)
def test_other_links_are_none(text):
    assert offered((text, "/2026/06/Full-CSV-data-file-Apr26-ZIP-3M-X7gGnn.zip")) == []


@pytest.mark.parametrize(
    ("name", "revision"),
    [
        ("Full-CSV-data-file-Apr26-ZIP-3M-X7gGnn.zip", 0),
        ("Full-CSV-data-file-Apr26-ZIP-3963K-revised.zip", 1),
        ("Full-CSV-data-file-Apr26-ZIP-3963K-revised-2.zip", 2),
        # A random suffix that begins with a digit.
        ("Full-CSV-data-file-Apr26-ZIP-3963K-revised-7xKq.zip", 1),
        ("Full-CSV-data-file-Apr26-ZIP-3963K-revised-61260.zip", 1),
        ("Full-CSV-data-file-Apr26-ZIP-3963K-revised-14-Oct-2026.zip", 1),
        ("Full-CSV-data-file-Apr26-ZIP-3963K-revised-03-10-26.zip", 1),
    ],
)
def test_a_revision_that_the_address_alone_tells_counts_too(name, revision):
    assert offered(("Full CSV data file Apr26 (ZIP, 3M)", f"/2026/06/{name}"))[0].revision == revision


def test_of_two_vintages_the_revised_then_the_later_published_is_the_one():
    plain = "Full CSV data file Apr26 (ZIP, 3M)"
    revised = ("Full CSV data file Apr26 revised (ZIP, 4M)", "/u/2026/12/r.zip")
    first, later = (plain, "/u/2026/06/f.zip"), (plain, "/u/2027/01/l.zip")
    assert best(offered(revised, first, later)).link.address.endswith("/r.zip")
    assert best(offered(later, first)).link.address.endswith("/l.zip")
    assert best(offered(first, later)).link.address.endswith("/l.zip")


def test_the_pages_of_years_are_found_by_address_or_words_the_newest_first():
    links = links_of(
        page(
            ("RTT data 2024-25", "#rtt-data-2024-25"),  # the page's list of contents
            ("RTT press notices 2024-25", "/press-notices/"),
            ("RTT data 2024-25", f"{HERE}rtt-data-2024-25/#top"),
            ("RTT data 2024-25 again", f"{HERE}rtt-data-2024-25/"),
            ("RTT data 2025-26", "javascript:show()"),
            ("Data of this year", "rtt-data-2026-27"),
            ("Waiting times 2025-26", "http://publisher.example/p/12345"),
            ("Waiting times 2025-26 again", "/elsewhere"),
            ("RTT annual report 2023-24 (PDF)", "/2024/06/report-2023-24.pdf"),
            ("RTT data 2024-2026", "/no-such-year"),
            ("RTT data 2022–2023", "/p/22"),
            ("Cancer 2022-23", "/cancer-2022-23/"),
        ),
        HERE,
    )
    assert [(year, link.address) for year, link in year_pages(links)] == [
        (2026, f"{HERE}rtt-data-2026-27"),
        (2025, "http://publisher.example/p/12345"),
        (2025, "https://publisher.example/elsewhere"),
        (2024, f"{HERE}rtt-data-2024-25/"),
        (2024, "https://publisher.example/press-notices/"),
        (2022, "https://publisher.example/p/22"),
    ]


def test_the_newest_overview_time_series_is_found_and_no_other():
    links = links_of(
        page(
            ("RTT statistical press notice – timeseries including missing data ests (XLS, 52K)", "/n.xls"),
            ("RTT Overview Timeseries Mar26 (XLSX, 99K)", "/old.xlsx"),
            (
                "RTT Overview Timeseries Including Estimates for Missing Trusts Apr26 (XLSX, 101K)",
                "/new.xlsx",
            ),
        ),
        HERE,
    )
    found = time_series(links)
    assert found is not None
    assert found.link.address == "https://publisher.example/new.xlsx"


def test_what_a_terminal_would_obey_is_not_told():
    (link,) = links_of(
        b'<a href="/a.zip">Full CSV\x1b[2J data file Apr26</a><a href="/b\x1b.zip">b</a>', HERE
    )
    assert (link.text, link.address) == ("Full CSV[2J data file Apr26", "https://publisher.example/a.zip")


def test_a_base_an_empty_page_and_addresses_that_are_none_do_no_harm():
    assert links_of(b"", HERE) == []
    links = links_of(b'<base href="http://["><a href="//x.example/a?b=1#c">x</a>', HERE)
    assert [link.address for link in links] == ["https://x.example/a?b=1"]
    links = links_of(b'<base href="/b/"><a href="http://[">x</a><a href=" c.zip ">y</a><a>z</a>', HERE)
    assert [(link.text, link.address) for link in links] == [("y", "https://publisher.example/b/c.zip")]

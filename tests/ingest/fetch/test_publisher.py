"""Which addresses may be asked: those of the hosts that are named, by https, and no other."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.publisher import NotAllowed, Publisher

OURS = Publisher(
    "https://www.publisher.example/rtt/", Path(), hosts=frozenset({"files.example", "x.example:8443"})
)
HERE = Publisher("http://127.0.0.1:8000/rtt/", Path())


@pytest.mark.parametrize(
    ("asked", "becomes"),
    [
        ("https://www.publisher.example/a.zip#top", "https://www.publisher.example/a.zip"),
        ("https://www.publisher.example:443/a.zip", "https://www.publisher.example:443/a.zip"),
        ("https://FILES.example/a.zip", "https://FILES.example/a.zip"),
        ("https://x.example:8443/a", "https://x.example:8443/a"),
        # The publisher's older pages name themselves without encryption.
        ("http://www.publisher.example/a.zip", "https://www.publisher.example/a.zip"),
    ],
)
def test_an_address_of_a_named_host_is_asked_by_https(asked, becomes):
    assert OURS.check(asked) == becomes


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/a.zip",
        "https://www.publisher.example.elsewhere.example/a.zip",
        "https://www.publisher.example@elsewhere.example/a.zip",
        "https://name:word@www.publisher.example/a.zip",
        "https://www.publisher.example:8443/a.zip",
        "https://x.example/a",
        "http://www.publisher.example:80/a.zip",
        "ftp://www.publisher.example/a.zip",
        "file:///etc/passwd",
        "//elsewhere.example/a",
        "mailto:somebody@www.publisher.example",
        "https://[",
        "https://www.publisher.example:99999/",
    ],
)
def test_no_other_is(address):
    with pytest.raises(NotAllowed):
        OURS.check(address)


@given(
    st.text(max_size=40), st.sampled_from(["", "https://", "http://", "//", "https://www.publisher.example"])
)
def test_whatever_a_page_holds_what_passes_is_of_a_named_host(text, start):
    try:
        passed = urlsplit(OURS.check(start + text))
    except NotAllowed:
        return
    assert passed.scheme == "https"
    assert passed.hostname in {"www.publisher.example", "files.example", "x.example"}
    assert passed.username is None


def test_http_is_spoken_to_a_publisher_on_this_machine_alone():
    assert HERE.check("http://127.0.0.1:8000/a") == "http://127.0.0.1:8000/a"
    for other in ("http://127.0.0.1:8001/a", "http://localhost:8000/a", "http://files.example/a"):
        with pytest.raises(NotAllowed):
            HERE.check(other)

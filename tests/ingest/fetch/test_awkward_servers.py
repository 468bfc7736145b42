"""Servers, proxies and caches that are not as they should be: the file or a sentence, never a traceback."""

import gzip
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme

from ingest.fetch.cache import Cache
from ingest.fetch.downloads import file, page
from ingest.fetch.find import Asked, find
from ingest.fetch.journal import JOURNAL, last_run
from ingest.fetch.links import Link
from ingest.fetch.polite import Polite
from ingest.fetch.publisher import NotFetched, Unreachable
from ingest.fetch.publisher import Publisher as Settings
from tests.publisher import BASE, Publisher, served

MONTH = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def data():
    return Publisher().publish(MONTH).data


@pytest.fixture
def site(data):
    """One month."""
    with served(Publisher()) as site:
        site.publish(MONTH, data)
        yield site


@pytest.fixture
def asking(tmp_path):
    """asking(site) -> a client and a cache."""
    clients = []

    def asking(site, **changes):
        settings = Settings(changes.pop("base", site.base), tmp_path / "cache", pause=0, **changes)
        clients.append(Polite(settings))
        return clients[-1], Cache(settings.cache)

    yield asking
    for client in clients:
        client.close()


def had(asking, site, **changes):
    """The bytes that the month's link leads to."""
    client, cache = asking(site, **changes)
    link = Link(site.files[0].text, site.root + site.files[0].path)
    known, _ = file(client, cache, link, lambda *_: None)
    return cache.path(known).read_bytes()


def whole(data, **headers):
    return 200, data, {"Content-Type": "application/zip", **headers}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((403, b"<p>no", {}), "It does not let this machine have it .it answered 403.. Save it in a browser"),
        ((304, b"", {}), "It answered 304."),
        ((206, b"abc", {"Content-Range": "bytes 5-7/9"}), "It answered another part than was asked for."),
        ((416, b"", {}), "It has no such part."),
        ((302, b"", {"Location": "http://["}), "It was redirected to what is no web address."),
        ((302, b"", {"Location": "?again"}), "It was redirected more than 5 times."),
        ((302, b"", {"Location": "ftp://127.0.0.1/a"}), "is not https, so it was not asked."),
        ((302, b"", {}), "It answered 302."),
        (
            (200, b"cut", {"Content-Length": "900", "Connection": "close"}),
            "The connection to 127.0.0.1 was cut. 3 bytes came",
        ),
        (
            (200, b"not packed at all", {"Content-Encoding": "gzip"}),
            "Its answer is damaged: it cannot be unpacked.",
        ),
        ((503, b"", {"Retry-After": "Fri, 31 Dec 2027 23:59:59 +99999999999999999999"}), "It answered 503."),
        ((429, b"", {"Retry-After": "-1"}), "It answered 429."),
        (
            (429, b"", {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)}),
            "It answered 429. It asks to be left alone for longer than a run waits.",
        ),
    ],
)
def test_an_answer_that_is_of_no_use_is_told_in_a_sentence(asking, site, answer, said):
    site.answers[site.files[0].path] = answer
    site.marks = True
    if answer[0] == 200 and "Content-Length" in answer[2]:
        answer[2]["ETag"] = '"mark"'
    with pytest.raises(NotFetched, match=said.replace("?", "[?]")):
        had(asking, site)
    del site.answers[site.files[0].path]
    assert had(asking, site) == site.files[0].data


@pytest.mark.parametrize("mark", ['"caf\xe9"', "x" * 300, 'W/"weak"'])
def test_marks_that_cannot_be_sent_back_do_no_harm(asking, site, data, mark):
    site.answers[site.files[0].path] = whole(data, ETag=mark)
    assert [had(asking, site) for _ in range(2)] == [data, data]


def test_a_file_that_is_packed_for_its_way_is_unpacked(asking, site, data):
    site.answers[site.files[0].path] = whole(gzip.compress(data), **{"Content-Encoding": "gzip"})
    assert had(asking, site) == data


def test_a_file_that_says_too_small_a_size_is_begun_anew(asking, site, data):
    path = site.files[0].path
    site.answers[path] = whole(data, **{"Content-Length": "100"})
    assert had(asking, site) == data[:100]  # what is in it is looked at next
    _, cache = asking(site)
    assert cache.known(site.root + path) is None


def test_one_that_says_no_size_is_held_to_the_limit(asking, site):
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (2_000_000, b"8" * 2_000_000)
    site.answers[site.files[0].path] = whole(body, **{"Transfer-Encoding": "chunked"})
    with pytest.raises(NotFetched, match="larger than 1 MB"):
        had(asking, site, most_bytes=1_000_000)


@pytest.mark.parametrize("damage", ["part", "mark", "both"])
def test_a_begun_download_that_was_damaged_is_still_had_whole(asking, site, data, damage):
    address = site.root + site.files[0].path
    site.cut[site.files[0].path] = [1000, 0, 0, 0]
    with pytest.raises(NotFetched, match="1,000 bytes came"):
        had(asking, site)
    _, cache = asking(site)
    part = cache.part(address)
    if damage != "part":
        part.path.with_suffix(".mark").write_bytes(b"\xff\xfe\n")
    if damage != "mark":
        part.path.write_bytes(data + b"more than there is")
    assert had(asking, site) == data


@pytest.mark.parametrize(
    "index",
    ["{", "[]", '{"a": {"sha256": 1, "name": "b"}}', '{"a": {"sha256": "0", "name": "../../b"}}', "\xff"],
)
def test_an_index_that_was_damaged_is_as_if_there_were_none(asking, site, data, tmp_path, index):
    assert had(asking, site) == data
    (tmp_path / "cache" / "index.json").write_bytes(index.encode("latin-1"))
    _, cache = asking(site)
    assert cache.known("a") is None
    assert had(asking, site) == data


@pytest.mark.parametrize("journal", ["{", "[]", '{"started": "noon"}', '{"started": 5}', '{"items": [1]}'])
def test_a_journal_that_was_damaged_is_none(tmp_path, journal):
    (tmp_path / JOURNAL).write_text(journal)
    assert last_run(tmp_path) is None


def months_found(asking, site, **asked):
    client, cache = asking(site)
    return find(client, cache, Asked(**{"months": 1, **asked}))


def test_a_page_that_is_only_worded_like_that_of_a_year_is_passed_by(asking, site):
    ours = site.path_of_year(2026)
    site.pages["/press-2026-27/"] = "<p>Press notices"
    links = ("#rtt-data-2026-27", "/press-2026-27/", ours, ours)
    site.pages[BASE] = "".join(f'<a href="{each}">RTT data 2026-27</a>' for each in links)
    found = months_found(asking, site)
    assert [each.month for each in found.months] == [MONTH]
    assert found.missing == []
    assert site.asked("/press") == {}


def test_links_of_a_page_that_moved_are_read_from_where_it_stands(asking, site):
    site.moved[site.path_of_year(2026)] = "/elsewhere/year/"
    site.pages["/elsewhere/year/"] = '<a href="a.zip">Full CSV data file Sep26</a>'
    for _ in range(2):  # the second time it has not changed
        [offered] = months_found(asking, site).months
        assert offered.link.address == f"{site.root}/elsewhere/year/a.zip"


def test_the_series_is_looked_for_on_a_year_page_without_asking_for_it_again(asking, site):
    site.pages[site.path_of_year(2026)] = (
        '<a href="/a.zip">Full CSV data file Sep26</a><a href="/s.xlsx">RTT Overview Timeseries Sep26</a>'
    )
    found = months_found(asking, site, series=True)
    assert found.series is not None
    assert site.asked(site.path_of_year(2026)) == {200: 1}


@pytest.mark.parametrize("proxy", ["socks9://x", "http://proxy.example:port", "socks5://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used_is_told(asking, site, monkeypatch, proxy):
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(Unreachable, match="The proxy that the environment names"):
        asking(site)


def passed_on(source, target):
    """What comes from one side to the other, until it ends."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def tunnelled(client, to, answer, asked):
    """Answer a CONNECT, and lead it on if the answer says so."""
    with client:
        head = b""
        while b"\r\n\r\n" not in head and (more := client.recv(4096)):
            head += more
        asked.append(head.split(b"\r\n")[0].decode())
        client.sendall(answer)
        if b" 200 " in answer:
            with socket.create_connection(("127.0.0.1", to)) as far:
                back = threading.Thread(target=passed_on, args=(far, client), daemon=True)
                back.start()
                passed_on(client, far)
                back.join(5)


@contextmanager
def tunnel(to, answer=b"HTTP/1.1 200 Connection established\r\n\r\n"):
    """A proxy that leads every CONNECT to one port; (its address, what it was asked for)."""
    asked: list[str] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                arguments = (client, to, answer, asked)
                threading.Thread(target=tunnelled, args=arguments, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


@pytest.fixture
def secure(tmp_path):
    """A site of https whose host nobody finds but through a proxy, and the file of its certificate."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("published.invalid", "127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with served(Publisher(), tls=context) as site:
        yield site, tmp_path / "ca.pem"


def test_https_goes_through_a_tunnel_of_the_proxy_and_round_it_where_it_may(asking, secure, monkeypatch):
    site, certificates = secure
    local = site.base
    port = int(site.root.rsplit(":", 1)[1])
    base = f"https://published.invalid{BASE}"
    with tunnel(port) as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        client, cache = asking(site, base=base, certificates=certificates)
        assert b"<title>RTT" in page(client, cache, base)[0]
        assert asked == ["CONNECT published.invalid:443 HTTP/1.1"]
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        client, cache = asking(site, base=local, certificates=certificates)
        assert b"<title>RTT" in page(client, cache, local)[0]
        assert len(asked) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "wants a name and password .407."),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "does not let us reach published.invalid .403 Forbidden."),
    ],
)
def test_a_proxy_that_says_no_is_told(asking, secure, monkeypatch, answer, said):
    site, _ = secure
    base = f"https://published.invalid{BASE}"
    with tunnel(0, answer) as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        client, cache = asking(site, base=base)
        with pytest.raises(Unreachable, match=said):
            page(client, cache, base)
        assert len(asked) == 1  # it will say the same again


def test_a_proxy_that_is_not_there_is_told(asking, secure, monkeypatch):
    site, _ = secure
    base = f"https://published.invalid{BASE}"
    with tunnel(0) as (proxy, _):
        pass
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    client, cache = asking(site, base=base)
    with pytest.raises(Unreachable, match="cannot be reached through the proxy that this machine names"):
        page(client, cache, base)

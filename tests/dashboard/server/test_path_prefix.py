"""The dashboard below a path of its host, behind a real nginx that passes the path on or cuts it off."""

import json
import re
import urllib.error
import urllib.request
from datetime import date

import pytest

from dashboard.pages import PAGES
from dashboard.settings import SettingError
from dashboard.settings.settings import from_environment
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from tests.dashboard import drawing

FACTS = {("RTD", "01A", "2", "C_110"): {0: 60, 17: 5, 18: 30, 52: 3}}
PREFIX = "/waits/rtt"
PASSED_ON = "location {prefix}/ {{ proxy_pass {address}; proxy_set_header Host $http_host; }}"
CUT_OFF = "location {prefix}/ {{ proxy_pass {address}/; proxy_set_header Host $http_host; }}"


class Through:
    """What `drawing.draw` needs of a client, over HTTP through the proxy."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get(self, path, headers=None):
        return Answer(self.address + path)

    def post(self, path, json, headers=None):
        return Answer(self.address + path, json)


class Answer:
    def __init__(self, address, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            self.status_code, self.text = answer.status, answer.read().decode()

    def get_json(self):
        return json.loads(self.text)


@pytest.fixture(params=[PASSED_ON, CUT_OFF], ids=["passed on", "cut off"])
def through(request, serve, nginx, sqlite_url, make_extract):
    engine = make_engine(sqlite_url)
    load_path(engine, make_extract(FACTS, census=date(2025, 3, 31)))
    engine.dispose()
    address = serve(RTT_DATABASE_URL=sqlite_url, RTT_PATH_PREFIX=PREFIX)
    with nginx(request.param.format(prefix=PREFIX, address=address)) as host:
        yield host


def test_every_page_is_drawn_and_every_address_on_it_leads_somewhere_below_the_prefix(through):
    """Fault 36: under a sub-path pages are drawn and no link leaves it."""
    client, asked = Through(through + PREFIX), set()
    for page in PAGES:
        drawn = drawing.draw(client, PREFIX + page.path)
        assert drawn["drawn"]["path"] == page.path
        for part in drawing.elements(list(drawn.values())):
            for name in ("href", "action", "src"):
                to = part["props"].get(name)
                if not to or to.startswith(("#", "http", "data:", "?")):
                    continue
                assert to.startswith(PREFIX + "/"), (page.path, name, to)
                if name != "action" and not re.search(r"/(?:pack|card)\.", to):
                    asked.add(to.partition("?")[0])
    assert len(asked) > len(PAGES) / 2
    for to in asked:
        assert _status(through + to) == 200, to


def test_the_page_itself_and_all_it_brings_come_from_below_the_prefix(through):
    shell = Answer(f"{through}{PREFIX}/").text
    brought = re.findall(r'(?:src|href)="([^"]+)"', shell)
    assert len(brought) > 5
    for each in brought:
        assert each.startswith(PREFIX + "/"), each
        assert _status(through + each) == 200, each
    assert config_of(shell)["requests_pathname_prefix"] == PREFIX + "/"


def config_of(shell):
    """What a page's scripts are told by Dash."""
    return json.loads(re.search(r'id="_dash-config"[^>]*>([^<]+)<', shell)[1])


@pytest.mark.parametrize("path", ["/nowhere", "/quick-guide", "/screen/none"])
def test_plain_pages_keep_below_the_prefix(through, path):
    text = _text(f"{through}{PREFIX}{path}")
    found = re.findall(r'(?:src|href)="(/[^"]*)"', text)
    assert found
    assert [each for each in found if not each.startswith(PREFIX + "/")] == []


def test_a_server_without_a_prefix_is_as_it_was(serve, sqlite_url):
    address = serve(RTT_DATABASE_URL=sqlite_url)
    assert config_of(Answer(f"{address}/").text)["requests_pathname_prefix"] == "/"
    assert _status(f"{address}/trends") == 200
    assert _status(f"{address}{PREFIX}/trends") == 404


@pytest.mark.parametrize(
    ("given", "meant"), [("/rtt", "/rtt"), ("/rtt/", "/rtt"), ("/a/b.c", "/a/b.c"), ("", ""), ("/", "")]
)
def test_a_prefix_is_a_path(given, meant):
    assert from_environment({"RTT_PATH_PREFIX": given}).prefix == meant


@pytest.mark.parametrize("given", ["rtt", "//evil.example", "/a b", "/../x", "/a?b", "https://x/rtt", "/a'b"])
def test_what_is_no_path_is_refused_as_a_prefix(given):
    with pytest.raises(SettingError, match="RTT_PATH_PREFIX"):
        from_environment({"RTT_PATH_PREFIX": given})


def _status(address):
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code


def _text(address):
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.read().decode()

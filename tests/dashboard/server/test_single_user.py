"""The single user proves to be the person at this machine: by a link that opens once, and its cookie."""

import os
import re
import stat
import threading
import time
import urllib.error
import urllib.request
from datetime import date
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from dashboard.application import create_app
from dashboard.server import single_user
from dashboard.settings.settings import from_environment
from tests import servers


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def proofs(home):
    return home / "single-user"


@pytest.fixture
def client(sqlite_engine, home):
    settings = from_environment({"RTT_ACCESS": "single-user", "RTT_HOME": str(home)})
    return create_app(sqlite_engine, settings, today=lambda: date(2026, 3, 4)).server.test_client()


def test_nothing_is_answered_without_the_proof(client):
    """Fault 13: whoever comes from this machine without the cookie, as a bare proxy does, is nobody."""
    for path in ("/", "/status", "/api/figures.csv", "/status.json", "/pack.pptx", "/version"):
        answer = client.get(path)
        assert answer.status_code == 401, path
        assert "rtt link" in answer.text
    assert client.post("/_dash-update-component", json={}).status_code == 401
    assert client.post("/status/load", headers={"Origin": "http://localhost"}).status_code == 401


def test_the_link_opens_once_and_the_address_loses_its_key(client, proofs):
    key = single_user.new_key(proofs)
    answer = client.get(f"/trends?measure=total&start-key={key}&org=RBD")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/trends?measure=total&org=RBD")
    cookie = answer.headers["Set-Cookie"]
    assert re.search("HttpOnly", cookie)
    assert re.search("SameSite=Lax", cookie)
    assert client.get("/version").status_code == 200
    other = client.application.test_client()
    assert other.get(f"/?start-key={key}").status_code == 401
    assert other.get("/version").status_code == 401


@pytest.mark.parametrize("key", ["", "x", "a" * 43, "../keys", "%00" * 43, "é" * 43])
def test_a_key_that_was_not_given_opens_nothing(client, proofs, key):
    single_user.new_key(proofs)
    assert client.get(f"/?start-key={key}").status_code == 401


@pytest.mark.parametrize("path", ["/%2Fevil.example/", "/%5Cevil.example", "/nowhere"])
def test_the_link_leads_to_a_page_of_ours_and_nowhere_else(client, proofs, path):
    answer = client.get(f"{path}?start-key={single_user.new_key(proofs)}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_a_key_that_comes_through_a_proxy_is_refused_and_not_used_up(client, proofs, header):
    key = single_user.new_key(proofs)
    assert client.get(f"/?start-key={key}", headers={header: "10.0.0.9"}).status_code == 403
    assert client.get(f"/?start-key={key}").status_code == 303


def test_of_two_who_bring_the_same_key_at_once_one_is_let_in(proofs):
    key, let_in = single_user.new_key(proofs), []
    bring = [
        threading.Thread(target=lambda: let_in.append(single_user.redeem(proofs, key))) for _ in range(20)
    ]
    for each in bring:
        each.start()
    for each in bring:
        each.join()
    assert len([cookie for cookie in let_in if cookie]) == 1


def test_what_proves_the_person_is_read_by_the_account_alone_and_no_file_holds_it(proofs):
    key = single_user.new_key(proofs)
    cookie = single_user.redeem(proofs, key)
    kept = list(proofs.rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in (proofs, *kept) if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept if path.is_file()} == {0o600}
    assert not [path for path in kept if key in str(path) or cookie in str(path)]


@pytest.mark.parametrize(("folder", "days"), [("keys", 2), ("cookies", 91)])
def test_keys_and_cookies_end_and_are_cleared_away(proofs, folder, days):
    key = single_user.new_key(proofs)
    cookie = single_user.redeem(proofs, single_user.new_key(proofs))
    long_ago = time.time() - days * 86400
    for path in (proofs / folder).iterdir():
        os.utime(path, (long_ago, long_ago))
    assert (single_user.redeem(proofs, key) is None) == (folder == "keys")
    assert single_user.admits(proofs, cookie) == (folder == "keys")
    single_user.new_key(proofs)
    kept = [path.stat().st_mtime for path in (proofs / folder).iterdir()]
    assert all(moment > long_ago for moment in kept)


def test_each_home_has_a_cookie_of_its_own(tmp_path):
    assert single_user.cookie_name(tmp_path / "a") != single_user.cookie_name(tmp_path / "b")


def test_a_real_start_prints_a_link_and_a_bare_nginx_before_it_gets_nothing(tmp_path, nginx):
    """Fault 13, as it was found: nginx with a bare proxy_pass adds no header and speaks from loopback."""
    home, log, port = tmp_path / "home", tmp_path / "log", servers.free_port()
    environment = servers._environment({"RTT_HOME": str(home), "RTT_ACCESS": "single-user"})
    command = [servers.PROGRAM, "serve", "--port", str(port)]
    with servers.running(command, log=log, env=environment):
        link = _printed(log, r"http://127\.0\.0\.1:\d+/\?start-key=[\w-]+")
        direct = re.match(r"http://[^/]+", link)[0]
        _wait(f"{direct}/health")
        with nginx(f"location / {{ proxy_pass {direct}; }}") as through:
            assert _status(f"{through}/") == 401
            assert _status(f"{through}/api/figures.csv") == 401
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        for asked, led in ((link, f"{direct}/"), (f"{direct}/version", f"{direct}/version")):
            with browser.open(asked, timeout=60) as answer:
                assert (answer.status, answer.url) == (200, led)
        assert _status(link) == 401
        again = servers.rtt("link", "--port", str(port), RTT_HOME=str(home)).stderr.strip()
        assert _status(again) == 401  # without a jar the redirect brings no cookie
        assert "start-key=" not in log.read_text().replace(link, "")


def test_a_server_that_is_started_without_the_command_asks_for_the_proof_too(serve, tmp_path):
    address = serve(RTT_ACCESS="single-user")
    assert _status(f"{address}/") == 401
    assert _status(f"{address}/health") == 200


def _printed(log: Path, pattern: str) -> str:
    deadline = time.monotonic() + servers.PATIENCE / 1000
    while not (found := re.search(pattern, log.read_text())):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
    return found[0]


def _wait(address: str) -> None:
    deadline = time.monotonic() + servers.PATIENCE / 1000
    while _status(address) is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _status(address: str) -> int | None:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code
    except OSError:
        return None

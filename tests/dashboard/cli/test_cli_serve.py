"""`rtt serve` shows the right database on the first free port of this machine alone."""

import contextlib
import re
import socket
import sys
import time
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert

from dashboard.cli.outcomes import WrongUse
from dashboard.cli.serving import free_port, gunicorn_options
from dashboard.settings.settings import from_environment
from dashboard.store.served import served_url
from ingest.loading.load import load_path
from ingest.store.database import make_engine, migrate
from ingest.store.schema import dataset
from tests import servers

MARCH = date(2025, 3, 31)
FACTS = {("RTD", "01A", "2", "C_110"): {0: 30}}


@contextlib.contextmanager
def taken(port):
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        yield


def test_the_next_free_port_is_taken():
    first = free_port(servers.free_port())
    with taken(first):
        assert free_port(first) > first


def test_no_free_port_is_said():
    with taken(65_535), pytest.raises(WrongUse, match="65535"):
        free_port(65_535)


def test_nobody_else_reaches_the_server():
    options = gunicorn_options(8050)
    assert options[options.index("--bind") + 1] == "127.0.0.1:8050"


def test_the_real_database_is_shown_as_soon_as_it_holds_an_extract(tmp_path, make_extract):
    settings = from_environment({"RTT_HOME": str(tmp_path)})
    assert served_url(settings) == settings.real_url
    _sample(settings.demo_url)
    assert served_url(settings) == settings.demo_url
    engine = make_engine(settings.real_url)
    migrate(engine)
    assert served_url(settings) == settings.demo_url
    load_path(engine, make_extract(FACTS, census=MARCH))
    engine.dispose()
    assert served_url(settings) == settings.real_url


def test_looking_for_a_database_makes_none(tmp_path):
    served_url(from_environment({"RTT_HOME": str(tmp_path / "home")}))
    assert not (tmp_path / "home").exists()


def test_it_serves_and_prints_where(tmp_path):
    port = servers.free_port()
    log = tmp_path / "log"
    rtt = Path(sys.executable).with_name("rtt")
    environment = servers._environment({"RTT_HOME": str(tmp_path / "home")})
    with taken(port), servers.running([rtt, "serve", "--port", str(port)], log=log, env=environment):
        address = _printed(log)
        assert address != f"http://127.0.0.1:{port}"
        assert _status(f"{address}/health") == 200


def _printed(log):
    for _ in range(1200):  # a busy machine takes its time
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def _status(address):
    for _ in range(1200):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            return refusal.code
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nobody answers at {address}")


def _sample(url):
    engine = make_engine(url)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(insert(dataset).values(id=1, kind="sample", version=1))
    engine.dispose()

"""An upload to a real server that is killed in the middle: nothing of it is there after the next start."""

import os
import random
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import servers
from tests.ingest.files.test_temporary import files, mode

BODY = b"NHS_NUMBER,NAME\r\n" + b"9434765919,SOMEBODY\r\n" * 150_000
STEPS = ("a first part", "all but the last byte", "a form")


def begun(address: str, what: str, share: float) -> socket.socket:
    """An upload of which only a share of the body was sent; the connection stays open."""
    host = urlsplit(address).netloc
    head = {
        "Host": host,
        "Origin": f"http://{host}",
        "X-File-Name": "open-20261115.csv",
        "Content-Type": "text/csv",
        **servers.proofs(),
    }
    path, body = "/status/load", BODY
    if what == "a form":
        # werkzeug spools a part of more than half a megabyte to the disk.
        head["Content-Type"] = "multipart/form-data; boundary=x"
        part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'
        path, body = "/notes", part + BODY[:900_000] + b"\r\n--x--\r\n"
        share = 0.9
    head["Content-Length"] = str(len(body))
    connection = socket.create_connection((urlsplit(address).hostname, urlsplit(address).port))
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    connection.sendall("\r\n".join(lines).encode())
    connection.sendall(body[: -1 if what == "all but the last byte" else int(len(body) * share)])
    return connection


def opened_below(folder: Path) -> list[str]:
    """What any process has open there, named or not."""
    found = []
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = os.readlink(link)
        except OSError:
            continue
        if target.startswith(f"{folder}/"):
            found.append(target)
    return found


def until_something_is_kept(home: Path, what: str) -> None:
    """Until a part of the body lies on the disk."""
    for _ in range(6000):
        if what == "a form":
            if any("#" in path or "(deleted)" in path for path in opened_below(home / "tmp")):
                return
        elif any(path.stat().st_size for path in home.glob("tmp/upload-*/*")):
            return
        time.sleep(0.01)
    raise AssertionError("nothing of the upload was written")


@pytest.mark.slow
def test_killed_in_the_middle_of_an_upload_nothing_is_left_after_the_next_start(tmp_path, repetitions):
    """Fault 4: the patients' file stayed behind in RTT_HOME for ever, for everybody to read."""
    chance = random.Random(4)
    home = tmp_path / "home"
    settings = {"RTT_HOME": str(home), "RTT_ACCESS": "single-user"}
    for number in range(repetitions(20) + 1):
        log = tmp_path / f"{number}.log"
        what = STEPS[number % len(STEPS)]
        with servers.gunicorn_process(settings, log=log, workers=2, umask=0) as (address, server):
            # The next start: what is there is of this server's own two workers, and empty.
            assert files(home / "tmp") == []
            assert list(home.glob("tmp/upload-*")) == []
            with begun(address, what, chance.uniform(0.5, 0.9)):
                until_something_is_kept(home, what)
                assert {mode(path) for path in files(home / "tmp")} <= {0o600}
                assert mode(home) == mode(home / "tmp") == 0o700
                servers.kill_at_once(server)
    servers.rtt("load", home / "rtt.db", check=False, **settings)
    assert list((home / "tmp").iterdir()) == []


def test_one_worker_killed_the_other_goes_on_and_the_next_upload_sweeps(tmp_path):
    """Fault 4: swept before each upload too, and never from under the upload of another worker."""
    home = tmp_path / "home"
    settings = {"RTT_HOME": str(home), "RTT_ACCESS": "single-user"}
    with servers.gunicorn(settings, log=tmp_path / "log", workers=2) as address:
        with begun(address, "all but the last byte", 1) as going_on:
            until_something_is_kept(home, "a first part")
            [kept] = home.glob("tmp/upload-*")
            left = home / "tmp" / "upload-left0000"
            left.mkdir()
            (left / "list.csv").write_bytes(BODY)
            with begun(address, "a first part", 0.5):
                for _ in range(6000):
                    if not left.exists():
                        break
                    time.sleep(0.01)
                assert not left.exists()
                assert kept.exists()
            going_on.sendall(BODY[-1:])
            answer = going_on.makefile("rb").read(200)
        assert b"200 OK" in answer
        for _ in range(6000):
            if not list(home.glob("tmp/upload-*")):
                break
            time.sleep(0.01)
        assert list(home.glob("tmp/upload-*")) == []

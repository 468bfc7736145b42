"""Logs: one line an event, that a collector can split, without tokens, queries or what a row held."""

import json
import logging
import re
import time
import urllib.error
import urllib.request
from datetime import date

import pytest

from dashboard.server.logs import Line
from tests import servers

FACTS = {("RTD", "01A", "2", "C_110"): {0: 600}}
FIELD = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|[^\s"]+)(?: |$)')
ALWAYS = ["time", "level", "process", "logger", "message"]


def fields(line):
    """The fields of a line, all of which must be fields."""
    assert FIELD.sub("", line) == "", line
    return dict(FIELD.findall(line))


def written(message, *arguments, error=None):
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("rtt.x", logging.WARNING, "x.py", 1, message, arguments, info)
    return fields(Line().format(record))


def test_a_line_has_its_time_level_logger_and_message():
    found = written("refused %s with %d", "GET", 403)
    assert list(found) == ALWAYS
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found["time"])
    assert (found["level"], found["logger"]) == ("warning", "rtt.x")
    assert found["message"] == '"refused GET with 403"'


def test_whatever_is_in_a_message_it_stays_one_line():
    assert written('a\nlevel=error "b"')["message"] == r'"a\nlevel=error \"b\""'


@pytest.mark.parametrize(
    "odd", ["\x85", "\u2028", "\u2029", "\ud800", "\ufeff", "\u202e", "\x00", "\U000e0041"]
)
def test_no_character_of_a_name_turns_or_ends_a_line_or_keeps_it_from_being_written(odd):
    """Fault 7: text is made fit for the log, whoever wrote it."""
    record = logging.LogRecord("rtt.x", logging.WARNING, "x.py", 1, "loaded %s", (f"a{odd}b",), None)
    line = Line().format(record)
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    line.encode("utf-8")
    assert json.loads(fields(line)["message"]) == f"loaded a{odd}b"


@pytest.mark.parametrize("address", ["/screen/x?token=secret", "/?org=secret", "/x?a=1&%74oken=secret"])
def test_no_token_and_no_query_is_written(address):
    message = written("failed at %s once", address)["message"]
    assert "secret" not in message
    assert message.endswith('(redacted) once"')


def test_a_fault_is_its_class_and_its_way_and_not_its_text():
    try:
        raise ValueError("found 9434765919 in a row")
    except ValueError as error:
        found = written("a command failed", error=error)
    assert found["error"] == "ValueError"
    assert __file__ in found["at"]
    assert "9434765919" not in str(found)


def test_every_line_of_the_server_is_one_its_access_log_included(serve, tmp_path):
    address = serve(GUNICORN_CMD_ARGS="--access-logfile -")
    for asked in ("/version?org=secret", "/version?%74oken=secret", "/screen/x?token=secret"):
        try:
            urllib.request.urlopen(address + asked, timeout=servers.PATIENCE / 1000).close()
        except urllib.error.HTTPError as refusal:
            refusal.close()
    # An answer is logged after it was given: lines may be yet to come.
    deadline = time.monotonic() + servers.PATIENCE / 1000
    while (
        len(re.findall(r"path=/(?:version|screen/x) .*\n", text := (tmp_path / "gunicorn.log").read_text()))
        < 3
    ):
        assert time.monotonic() < deadline, text
        time.sleep(0.05)
    found = [fields(line) for line in text.splitlines()]
    assert "secret" not in text
    assert {each["logger"] for each in found} == {"gunicorn.error", "gunicorn.access", "rtt.access"}
    requests = [each for each in found if each["logger"] == "gunicorn.access" and each["path"] != "/health"]
    # Each is answered by a thread of its own, and logged after its answer: two may change places.
    assert sorted((each["method"], each["path"], each["status"]) for each in requests) == [
        ("GET", "/screen/x", "403"),
        ("GET", "/version", "200"),
        ("GET", "/version", "403"),
    ]


def test_commands_append_to_a_file(tmp_path, make_extract):
    home = tmp_path / "home"
    servers.rtt("load", make_extract(FACTS, census=date(2025, 3, 31)), RTT_HOME=str(home))
    [line] = (home / "logs" / "rtt.log").read_text().splitlines()
    found = fields(line)
    assert (found["level"], found["logger"]) == ("info", "rtt.load")
    assert found["message"].startswith('"loaded monthly 2025-03-31: ')


def test_where_there_is_no_place_for_the_file_the_line_goes_to_standard_error(tmp_path, make_extract):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "logs").write_text("a file in the way")
    ran = servers.rtt("load", make_extract(FACTS, census=date(2025, 3, 31)), RTT_HOME=str(tmp_path / "home"))
    assert "logger=rtt.load" in ran.stderr

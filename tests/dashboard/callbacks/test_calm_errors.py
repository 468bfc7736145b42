"""No answer is werkzeug's own: whatever is asked, whatever the database is, it is a page or JSON of ours."""

import json
import re
import shutil
from datetime import date

import pytest
from werkzeug.exceptions import MethodNotAllowed

from dashboard.application import create_app
from dashboard.settings.settings import Settings
from ingest.store.database import make_engine
from tests.dashboard import served_pages as served

OURS = {"Origin": "http://localhost"}
ODD = (
    *("", "?", "?a=1&a=2", "?" + "&".join(f"x{number}=1" for number in range(60)), "?org=%00%ff%ED%A0%80"),
    *("?source=weekly&tf=" + ",".join(["C_999", "x" * 300, "%0d%0a"]), "?census=9999-99-99&band=-1&page=1e9"),
    *(
        "?org=%F0%9F%8F%A5&level=provider",
        "?group=%E2%80%AE%E2%80%8B",
        "?page=/&card=%00",
        "?page=/&card=share-trend&x=1",
    ),
    *("?source=monthly&census=0001-01", "?level=icb&org=QZ1&peers=providers&measure=x&audience=internal"),
    "?source=monthly&organisation=%00&census=2025-13&level=x",
)
BODIES = (
    *(
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b'{"output": 1}',
        b'{"output": "..a.b..", "inputs": [], "outputs": []}',
    ),
    *(b"\xff\xfe", b'{"output": "page.children", "inputs": "x", "changedPropIds": 3}', b'"\\ud800"'),
)


@pytest.fixture
def server(demo, tmp_path):
    app = create_app(demo, Settings(home=tmp_path, access="single-user"), today=lambda: date(2026, 3, 1))
    return app.server


def routes(server):
    """Every address that the server knows, its variables filled with what is odd but valid."""
    odd = {"int": "7", "row": "7", "any": "pptx", "path": "x/y", "default": "%F0%9F%8F%A5"}
    odd["string"] = odd["default"]
    for rule in server.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            kind = re.search(r"<(?:(\w+)(?:\([^)]*\))?:)?" + name + ">", path)[1] or "default"
            path = re.sub(r"<[^<>]*\b" + name + ">", odd[kind], path)
        yield path, sorted(rule.methods)


def is_ours(answer) -> bool:
    """Whether an answer of an error is a page or JSON of ours: never werkzeug's few lines."""
    if answer.mimetype == "application/json":
        return bool(json.loads(answer.text)["error"])
    return '<header class="rtt-header">' in answer.text or answer.mimetype == "text/csv"


def test_every_address_answers_whatever_it_is_asked_with_a_page_or_json_of_ours(server, caplog):
    """Fault 7: no page of ours is werkzeug's own 500 (or 400, 404, 405)."""
    client = server.test_client()
    seen = 0
    for path, methods in routes(server):
        for query in ODD if "GET" in methods and not path.startswith("/_dash") else ODD[:1]:
            if path.startswith(("/pack", "/card")) and query not in ODD[-4:]:
                continue
            for method in ("GET", "POST", "DELETE"):
                answer = client.open(
                    path + query, method=method, headers=OURS, data=None if method == "GET" else {"a": "b"}
                )
                seen += 1
                assert answer.status_code < 500, (method, path, query, caplog.text[-2000:])
                assert answer.status_code < 400 or is_ours(answer), (method, path, query, answer.text[:300])
                answer.close()
    assert seen > 500


def test_malformed_json_to_the_callback_is_answered_calmly(server):
    """Fault 7 and 21: malformed JSON of a callback is no bare 500."""
    client = server.test_client()
    for body in BODIES:
        answer = client.post(
            "/_dash-update-component", data=body, headers=OURS, content_type="application/json"
        )
        assert answer.status_code >= 400, body
        assert json.loads(answer.text)["error"], body


def test_a_wrong_method_says_which_are_right(server):
    answer = server.test_client().delete("/api/figures.json", headers=OURS, data={"a": "b"})
    assert answer.status_code == MethodNotAllowed.code
    assert "GET" in answer.headers["Allow"]
    assert (
        "does not accept that method"
        in server.test_client().post("/health", headers=OURS, data={"a": "b"}).text
    )


def test_a_broken_database_file_gives_a_reference_on_every_way_out_and_a_line_in_the_log(
    demo_template, tmp_path, caplog
):
    """Fault 7: an error in any route is logged with a reference and answered by a page or JSON of ours."""
    path = tmp_path / "demo.db"
    shutil.copy(demo_template, path)
    engine = make_engine(f"sqlite:///{path}")
    client = served.client_of(engine, tmp_path, today=date(2026, 3, 4))
    assert client.get("/version").status_code == 200
    engine.dispose()
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    content = bytearray(path.read_bytes())
    content[:] = b"not a database, and long enough to be read as one. " * (len(content) // 51 + 1)
    path.write_bytes(bytes(content))
    asked = (
        *(
            "/pack.pptx",
            "/pack.html",
            "/card.csv?page=/&card=share-trend",
            "/card.pptx?page=/&card=share-trend",
        ),
        *(
            "/api/figures.json",
            "/api/figures.csv",
            "/status.json",
            "/version",
            "/screen/ward",
        ),
    )
    for address in asked:
        caplog.clear()
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert is_ours(answer), address
        (reference,) = re.findall(r"reference: ([0-9A-F]{6})", answer.text)
        assert f"reference {reference}: DatabaseError" in caplog.text, address
        assert "not a database" not in answer.text, "the text of an error is not told"
    for address in ("/notes", "/narratives", "/groups", "/rebases"):
        form = {"source": "monthly", "level": "england", "organisation_code": "ENG", "noted_on": "2025-01-31"}
        answer = client.post(address, data=form, headers=OURS)
        assert answer.status_code in (400, 503), address
        assert is_ours(answer), address
    engine.dispose()


@pytest.mark.parametrize("text", ["\u200b", "\u3164\u2800", "\u202e\u202c", "\u00ad\u034f"])
def test_a_form_refuses_what_nobody_sees_in_a_sentence(server, text):
    """Fault 21: a note and an export purpose made of invisible characters were accepted."""
    client = server.test_client()
    series = {
        "source": "monthly",
        "level": "england",
        "organisation_code": "ENG",
        "treatment_function": "C_999",
    }
    forms = {
        "/notes": {**series, "measure": "total", "noted_on": "2025-12-31", "text": text},
        "/rebases": {**series, "measure": "total", "starts_on": "2025-12-31", "reason": text},
        "/narratives": {
            **series,
            "measure": "total",
            "opened_on": "2025-12-31",
            "due.total": "",
            "why.total": text,
            "actions.total": "a",
            "owner.total": "b",
        },
        "/groups": {"kind": "specialties", "name": text, "members": "C_110"},
        "/screens": {"title": text},
        "/ptl/views": {"name": text, "query": "?source=weekly"},
    }
    for address, form in forms.items():
        answer = client.post(address, data={**form, "back": "/"}, headers=OURS)
        assert answer.status_code == 400, address
    assert "no character that can be seen" in client.post("/notes", data=forms["/notes"], headers=OURS).text
    purpose = {"kind": "list", "purpose": text, "query": "?source=weekly", "back": "/ptl"}
    answer = client.post("/ptl/export", data=purpose, headers=OURS)
    assert answer.status_code == 400
    assert "Enter what the file is for" in answer.text

"""Our own scripts and style sheets go out joined: all of them, once, at an address that changes with them."""

import re
from pathlib import Path

import pytest

from dashboard.server import joined_files
from tests.dashboard.server.test_security import served

ASSETS = Path(joined_files.__file__).parents[1] / "assets"
# A wall screen has two of its own, and Plotly comes after the words of a page.
APART = {"watchdog.js", "screen.css", "plotly.min.js"}


@pytest.mark.parametrize(("kind", "type_"), [("js", "text/javascript"), ("css", "text/css")])
def test_a_page_asks_once_for_all_files_of_a_kind_and_gets_them_in_the_order_of_their_names(
    sqlite_engine, kind, type_
):
    client = served(sqlite_engine, "none").test_client()
    page = client.get("/").text
    [address] = re.findall(rf'"(/assets/[^"]+\.{kind}\?[^"]*)"', page.replace(_plotly(page), ""))
    answer = client.get(address)
    assert answer.mimetype == type_
    assert "immutable" in answer.headers["Cache-Control"]
    files = [path for path in sorted(ASSETS.glob(f"*.{kind}")) if path.name not in APART]
    assert len(files) > 5
    assert answer.get_data() == b"\n".join(path.read_bytes() for path in files)
    asked_again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert asked_again.status_code == 304


def _plotly(page: str) -> str:
    [found] = re.findall(r'"/assets/plotly[^"]+"', page)
    return found


def test_the_address_changes_with_a_file_and_stands_below_the_path_of_a_proxy(tmp_path):
    (tmp_path / "b.js").write_text("second();")
    (tmp_path / "a.js").write_text("first();")
    (tmp_path / "apart.js").write_text("never();")
    before = joined_files.joined(tmp_path, apart=r"apart\.js")
    assert before == {"js": b"first();\nsecond();", "css": b""}
    address = joined_files.address("js", before, prefix="/rtt")
    assert address.startswith("/rtt/assets/joined.js?m=")
    (tmp_path / "b.js").write_text("third();")
    after = joined_files.joined(tmp_path, apart=r"apart\.js")
    assert joined_files.address("js", after, prefix="/rtt") != address


def test_the_worker_of_a_wall_screen_may_fetch_what_it_keeps(sqlite_engine):
    """A worker goes by the policy of its own file: without this no screen came back without network."""
    with served(sqlite_engine, "none").test_client().get("/assets/watchdog.js") as answer:
        policy = answer.headers["Content-Security-Policy"].split("; ")
    assert sorted(policy) == ["connect-src 'self'", "default-src 'none'", "frame-ancestors 'none'"]

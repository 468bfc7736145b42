"""docs/api.md is true: its examples are asked of the served sample, its tables are held to real answers."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dashboard.analysis.figures_table import COLUMNS
from dashboard.application import create_app
from dashboard.callbacks.figures_api import PARAMETERS
from dashboard.server.access import Reader
from dashboard.server.url_tokens import hash_of
from dashboard.settings.settings import PROOFS, Proxy, Settings
from dashboard.store import writing as records
from ingest.store.database import make_engine
from tests.servers import ROOT

TEXT = (ROOT / "docs" / "api.md").read_text()
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "X-Proxy-Secret"
PROXY = Proxy(
    addresses=("127.0.0.1",), secret="sixteen letters or more", pathway_readers=frozenset({"pathways"})
)
EXAMPLES = re.findall(r"^    \$ curl (.+)\n((?:    .+\n?)*)", TEXT, re.MULTILINE)
A_WEEK_OF_A_LIST = "/api/figures.json?source=weekly&level=provider&census=2026-02-22"


def tables():
    """The rows of each table, as lists of cells, by the first words of its heading row."""
    found = {}
    for heading, body in re.findall(r"^\| (.+) \|\n\|[-|]+\|\n((?:\|.+\n)+)", TEXT, re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|\n").split(" | ")] for line in body.splitlines()]
        found.setdefault(heading.split(" | ")[0], []).append(rows)
    return found


TABLES = tables()
FIELDS = {
    "": TABLES["field"][0],
    "feeds": TABLES["field of a feed"][0],
    "loads": TABLES["field of a load"][0],
}
OF_A_SCREEN = {
    "": TABLES["field"][2],
    "pages": TABLES["field of a page"][0],
    "tiles": TABLES["field of a tile"][0],
}


def names(rows):
    return [row[0].strip("`") for row in rows]


@pytest.fixture(scope="module")
def database(demo_template, tmp_path_factory):
    """The sample with the wall screen of the examples."""
    path = tmp_path_factory.mktemp("api") / "demo.db"
    path.write_bytes(demo_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    records.save_screen(
        engine,
        Reader("jo", may_write=True),
        title="Surgery",
        query="source=monthly",
        pages=[["share_within_18", "passing_18_in_4_weeks"]],
        inches=43,
        metres=4.0,
        theme="light",
        token_hash=hash_of("TOKEN"),
        at=NOW,
    )
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def served(database):
    """Ask an application of this access."""

    def client(access, **more):
        settings = Settings(home=Path("unused"), access=access, **more)
        return create_app(database, settings, now=lambda: NOW).server.test_client()

    return {
        "none": client("none"),
        "proxy": client("proxy", proxy=PROXY, hosts=frozenset({"127.0.0.1"})),
        "single-user": client("single-user", proof=Path("unused") / PROOFS),
    }


@pytest.fixture(scope="module")
def answers(served):
    """What the request of an example gives, as curl prints it, line by line."""

    def asked(command):
        words = shlex.split(command)
        headers = [words[at + 1].split(": ") for at, word in enumerate(words) if word == "-H"]
        address = urlsplit(words[-1])
        client = served["proxy" if SECRET in dict(headers) else "none"]
        headers = [(name, PROXY.secret if name == SECRET else value) for name, value in headers]
        answer = client.get(f"{address.path}?{address.query}", base_url="http://127.0.0.1", headers=headers)
        status = [str(answer.status_code)] if "-w" in words else []
        assert status or answer.status_code == 200
        return answer.text.strip("\n").splitlines() + status

    return asked


def test_there_are_examples_of_every_address():
    addresses = {urlsplit(shlex.split(command)[-1]).path for command, _ in EXAMPLES}
    listed = {each.strip("`") for row in TABLES["address"][0] for each in row[0].split(", ")}
    assert {path.replace("/surgery/", "/<name>/") for path in addresses} == listed


@pytest.mark.parametrize(("command", "printed"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_an_example_answers_what_the_document_says(answers, command, printed):
    expected = [line.removeprefix("    ") for line in printed.splitlines()]
    found = answers(command)
    assert len(expected) == len(found) > 0
    for line, real in zip(expected, found, strict=True):
        # What the document leaves out of a long line is "..." there.
        assert re.fullmatch(".*".join(map(re.escape, line.split("..."))), real), real


def test_every_parameter_accepted_is_in_the_document_with_its_values(served):
    rows = TABLES["parameter"][0]
    assert sorted(names(rows)) == sorted(PARAMETERS)
    for name, values, _ in rows:
        for value in re.findall(r"`([^`]+)`", values):
            known = served["none"].get("/api/figures.json", query_string={name.strip("`"): value}).status_code
            assert known in (200, 404), (name, value)


@pytest.mark.parametrize("name", ["source", "level", "part", "include_nonc"])
def test_no_other_value_of_a_parameter_is_accepted(served, name):
    refusal = served["none"].get("/api/figures.json", query_string={name: "?"}).json["error"]
    documented = next(row[1] for row in TABLES["parameter"][0] if row[0] == f"`{name}`")
    listed = set(re.findall(r"`([^`]+)`", documented))
    assert set(refusal.partition("one of ")[2].split(", ")) == listed


def test_every_column_of_an_answer_is_in_the_document_in_its_order_and_of_its_type(served):
    rows = TABLES["column"][0]
    client = served["none"]
    heading = client.get("/api/figures.csv?census=2025-09").text.splitlines()[0].split(",")
    assert heading == names(rows) == list(COLUMNS)
    kinds = {"text": str, "date": str, "pathways": int, "share": float, "weeks": float}
    for record in client.get("/api/figures.json?source=monthly&census=2025-09&level=provider").json:
        assert list(record) == names(rows)
        for name, kind, _ in rows:
            value = record[name.strip("`")]
            assert value is None or isinstance(value, kinds[kind.split(",")[0]]), (name, value)


def test_the_words_in_place_of_numbers_are_those_of_the_document(served):
    words = {
        value
        for record in served["none"].get(A_WEEK_OF_A_LIST).json
        for name, value in record.items()
        if isinstance(value, str) and name in COLUMNS[7:]
    }
    assert words == set(names(TABLES["in place of a number"][0]))


@pytest.mark.parametrize("row", TABLES["request"][0], ids=names(TABLES["request"][0]))
def test_an_error_of_the_document_is_that_of_the_request(served, row):
    request, status, sentence = row
    answer = served["none"].get(request.strip("`"))
    assert (answer.status_code, answer.json) == (int(status), {"error": sentence})
    answer = served["none"].get(request.strip("`").replace(".csv", ".json"))
    assert (answer.status_code, answer.json) == (int(status), {"error": sentence})


def test_errors_of_every_address_are_those_of_the_document(served):
    documented = [(int(status), words) for status, _, words in TABLES["status"][0]]
    through_the_proxy = {SECRET: PROXY.secret}
    asked = (
        served["single-user"].get("/status.json"),
        served["proxy"].get("/status.json", base_url="http://127.0.0.1", headers=through_the_proxy),
        served["proxy"].get("/status.json", base_url="http://127.0.0.1"),
        served["none"].post("/api/figures.csv"),
        served["none"].get("/status.json", base_url="http://elsewhere"),
    )
    assert [(answer.status_code, answer.json["error"]) for answer in asked] == documented[: len(asked)]


def test_the_fields_of_status_json_are_those_of_the_document(served):
    told = served["none"].get("/status.json").json
    assert sorted(told) == sorted(names(FIELDS[""]))
    for name in ("feeds", "loads"):
        for record in told[name]:
            assert sorted(record) == sorted(names(FIELDS[name]))
    assert [sorted(each) for each in told["screens"]] == [["name", "state"]]


def test_the_fields_of_a_screen_are_those_of_the_document(served):
    told = served["none"].get("/screen/surgery/data.json").json
    assert sorted(told) == sorted(names(OF_A_SCREEN[""]))
    (page,) = told["pages"]
    assert sorted(page) == sorted(names(OF_A_SCREEN["pages"]))
    assert {tuple(sorted(tile)) for tile in page["tiles"]} == {tuple(sorted(names(OF_A_SCREEN["tiles"])))}
    assert sorted(told["data"]) == sorted(names(TABLES["field of data"][0]))
    assert 1 <= len(page["do_next"]) <= 3
    closed = served["none"].get("/screen/surgery/data.json?token=WRONG")
    assert (closed.status_code, closed.headers["X-RTT-Screen"]) == (403, "closed")
    missing = served["none"].get("/screen/none/data.json")
    assert (missing.status_code, missing.headers["X-RTT-Screen"]) == (404, "closed")


def test_the_other_two_say_what_the_document_says(served):
    rows = [[cell.strip("`") for cell in row[:2]] for row in TABLES["field"][1]]
    assert [[*served["none"].get(address).json] for _, address in rows] == [[name] for name, _ in rows]

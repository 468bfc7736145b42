"""Every note is a sentence of its own, and every refusal says what to do: read from source and files.

The source is searched for each place that makes a problem, so that a new note in the words of a failure is
found before anybody reads it.
"""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest.extracts import LoadOptions
from ingest.extracts.monthly.format import read as read_month
from ingest.extracts.ptl.format import read as read_list
from ingest.files.archives import unpack
from ingest.files.problems import Problem, Refused
from ingest.loading.incoming import accepted
from ingest.loading.load import load_path
from tests import makers
from tests.tracking_lists import KEY, as_csv, content, pathway, stop

ROOT = Path(__file__).parents[3]
SENTENCE, TEMPLATE = {"note", "refuse_whole", "refused_whole"}, {"refuse", "refusal", "_fault"}
WHOLE = "{…}"
# The words of a failure, which a note never uses; and of the machine.
FAILURE = re.compile(r"\bexpected\b|\brefused\b|\bset aside\b|\basked\b|\binvalid\b|\berror\b", re.IGNORECASE)


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((ROOT / "ingest").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield f"{path.name}:{node.lineno}", node


def text_of(node: ast.expr, scope: dict[str, ast.expr]) -> str | None:
    """The text of a literal, with a mark for what is filled in; None for what is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else WHOLE for part in node.values)
        return "".join(map(str, parts))
    return text_of(scope[node.id], scope) if isinstance(node, ast.Name) and node.id in scope else None


def literals(made_by: set[str]) -> list[tuple[str, str, str]]:
    """(place, maker, text) of every problem that a call makes with words of its own."""
    found = []
    for place, call in calls():
        if call.func.id in made_by and len(call.args) > 1:
            text = text_of(call.args[1], {})
            if text is not None:
                found.append((place, call.func.id, text))
    return found


def test_no_note_is_made_but_by_its_own_maker():
    """Fault 23: notes were made of the template of a refusal, "expected X; set aside"."""
    bare = [place for place, call in calls() if call.func.id == "Problem" and "problems.py" not in place]
    assert [place.split(":")[0] for place in bare] == ["values.py"] * 2  # rows left out, one by one


@pytest.mark.parametrize(("place", "maker", "text"), literals(SENTENCE))
def test_what_is_said_of_a_whole_file_is_a_sentence(place, maker, text):
    """Faults 23 and 24: a capital or a figure first, a full stop last, and no "expected X; found Y"."""
    assert text.endswith((".", WHOLE)), place
    assert text[0].isupper() or text.startswith(WHOLE), place
    assert "expected" not in text, place
    if maker == "note":
        assert not FAILURE.search(text), place


@pytest.mark.parametrize("call", [call for _, call in calls() if call.func.id in TEMPLATE], ids=lambda _: "")
def test_a_value_in_a_refusal_stands_in_the_file(call):
    """Fault 24: "found 'none of them'" quoted words of ours as if the file held them."""
    for word in call.keywords:
        if word.arg == "value":
            text = text_of(word.value, {})
            assert text in (None, "blank") or WHOLE in text


def list_notes(tmp_path: Path) -> list[Problem]:
    """A list, its stops and a file with a sheet that give every kind of note a list can have."""
    lean = [{k: v for k, v in row.items() if k != "measurement_type"} for row in ROWS]
    footer = b"Total: 9,,,,,,,,,,,,,,,,\r\n"
    mapping = tmp_path / "m.toml"
    mapping.write_text("[list]\nmost_left_out = 1\n")
    options = LoadOptions(token_key=KEY, mapping=mapping)
    open_list = read_list(content(as_csv(lean) + footer), options)
    stops = read_list(content(as_csv([stop(), stop(clock_stop="2026-11-01")]), "stops-20261115.csv"), options)
    return [*open_list.problems, *stops.problems]


ROWS = [
    *[pathway(clock_start=f"{day:02}/06/2026", tci_date="NULL") for day in range(1, 12)],
    pathway(clock_start="46180"),
    pathway(pathway_id="TWICE", clock_start="03/06/2026"),
    pathway(pathway_id="TWICE", clock_start="03/06/2026"),
    pathway(commissioner="NONC"),
    pathway(list_type="ONON"),
    pathway(admission_method="13"),
    pathway(clock_stop="2026-11-01"),
    pathway(rtt_status="30"),
    pathway(rtt_status="30"),
]


def test_every_note_of_a_list_reads_as_a_sentence(tmp_path):
    """Fault 23: "1 row whose status says that nobody waits" is now "its RTT status has stopped the clock"."""
    said = [problem.sentence for problem in list_notes(tmp_path) if problem.severity == "note"]
    for sentence in said:
        assert re.fullmatch(r"[A-Z0-9].*\.", sentence), sentence
        assert not FAILURE.search(sentence), sentence
    for words in (
        "2 rows excluded: their RTT status has stopped the clock.",
        "1 row excluded: its RTT period has ended.",
        "1 row excluded: its waiting list type is not RTT.",
        "1 row excluded: its admission is planned.",
        "1 row excluded: a later row repeats its issuer, pathway identifier, referral and clock start.",
        "1 row of non-English commissioners (NONC): loaded, and not in the headline figures.",
        "1 row not counted: outside the week that ends on 15 Nov 2026.",
        "The file has no column WAITING_TIME_MEASUREMENT_TYPE: the rule that uses it was not applied.",
        "11 cells hold a date or word that stands for none, such as 9999-12-31: read as blank.",
        "1 cell holds Excel's number of a day, such as 46341 for 15 November 2026: read as that day.",
        "1 row left out (row 22): it is a total, a heading or a line of the report, not a pathway.",
    ):
        assert words in said, words
    assert any(sentence.startswith("No date in the file tells day from month") for sentence in said)


def test_every_note_of_a_month_reads_as_a_sentence():
    """Fault 23: of the monthly extract too."""
    facts = {("RAA", "00R", "2A", "C_100"): {1: 3}, ("RAA", "00R", "2", "C_777"): {1: 2}}
    data = makers.as_csv(makers.table(facts, census=date(2025, 3, 31))).encode()
    parsed = read_month(unpack("RTT-March-2025.csv", data), LoadOptions())
    said = [problem.sentence for problem in parsed.problems]
    assert said[0] == "C_777 is not a treatment function of the return: 1 row loaded as sent."
    assert "more than the 0 waiting at all (part 2)" in said[1]
    assert all(re.fullmatch(r"[A-Z].*\.", sentence) for sentence in said)


def test_what_is_no_rtt_file_says_so_and_what_is_accepted(sqlite_engine, tmp_path):
    """Fault 24: "found 'none of them'; expected the headings of..." said neither."""
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    (result,) = load_path(sqlite_engine, path)
    (problem,) = result.problems
    assert str(problem) == f"a.csv: This is not an RTT file: none of its headings is known. {accepted()}"


def test_a_row_left_out_keeps_the_shape_of_its_value_alone():
    with pytest.raises(Refused) as refusal:
        read_list(content(as_csv([pathway(clock_start="943 476 5919")])), LoadOptions(token_key=KEY))
    *_, row = refusal.value.problems
    assert "found '999 999 9999'; expected a date" in str(row)
    assert str(row).endswith("the row was left out.")

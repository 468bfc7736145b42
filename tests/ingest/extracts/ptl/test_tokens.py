"""Tokens and the key that makes them, and the list that only its owner can read."""

import csv
import hashlib
import hmac
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ingest.extracts import LoadOptions
from ingest.extracts.ptl import tokens
from ingest.extracts.ptl.token_list import COLUMNS, UnsafePlace, token_list
from ingest.files.problems import Refused
from ingest.loading.load import load_path
from ingest.store.database import writing
from ingest.store.schema import pathway as pathway_table
from ingest.store.schema import token_key
from tests.tracking_lists import KEY, as_csv, pathway, start, stop


@given(st.lists(st.text(max_size=40), max_size=8), st.binary(min_size=16, max_size=100))
def test_a_token_is_the_hmac_of_the_identity(identities, key):
    expected = [hmac.new(key, identity.encode(), hashlib.sha256).digest()[:10] for identity in identities]
    made = tokens.tokens_of(identities, key)
    assert [_bytes(token[tokens.PREFIX + 1 :]) for token in made] == expected


def _bytes(base32):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    number = 0
    for character in base32:
        number = number * 32 + alphabet.index(character)
    return number.to_bytes(10, "big")


def test_tokens_of_two_keys_can_be_told_apart():
    (one,), (other,) = tokens.tokens_of(["a"], b"1" * 32), tokens.tokens_of(["a"], b"2" * 32)
    assert one != other
    assert one[: tokens.PREFIX] != other[: tokens.PREFIX]
    assert one[: tokens.PREFIX] == tokens.tokens_of(["b"], b"1" * 32)[0][: tokens.PREFIX]


def test_the_key_file_is_made_once_and_its_owner_alone_can_read_it(tmp_path):
    home = tmp_path / "home"
    key = tokens.key_of(home)
    assert len(key) >= 32
    assert stat.S_IMODE((home / tokens.KEY_FILE).stat().st_mode) == 0o600
    assert tokens.key_of(home) == key


def test_loads_that_start_together_get_one_whole_key(tmp_path, repetitions):
    for home in (tmp_path / str(number) for number in range(repetitions(300))):
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _, home=home: tokens.key_of(home), range(32)))
        assert len(keys) == 1
        assert [path.name for path in home.rglob("*") if path.is_file()] == [tokens.KEY_FILE]


def test_a_key_file_that_others_can_read_is_not_used(tmp_path):
    key = tokens.key_of(tmp_path)
    os.chmod(tmp_path / tokens.KEY_FILE, 0o644)
    with pytest.raises(tokens.UnusableKey, match="chmod 600") as refusal:
        tokens.key_of(tmp_path)
    assert key.decode() not in str(refusal.value)


def test_a_key_that_is_asked_for_and_not_there_is_not_made(tmp_path):
    with pytest.raises(tokens.UnusableKey, match=r"token\.key"):
        tokens.key_of(tmp_path / "home", make=False)
    assert list(tmp_path.iterdir()) == []
    made = tokens.key_of(tmp_path / "home")
    assert tokens.key_of(tmp_path / "home", make=False) == made
    assert tokens.key_of(tmp_path / "other", "a secret of the trust's own", make=False)


def test_a_configured_key_comes_first_and_makes_no_file(tmp_path):
    assert tokens.key_of(tmp_path, "a secret of the trust's own") == b"a secret of the trust's own"
    assert list(tmp_path.iterdir()) == []


def test_a_short_key_is_refused_without_being_repeated(tmp_path):
    with pytest.raises(tokens.UnusableKey) as refusal:
        tokens.key_of(tmp_path, "hunter2")
    assert "hunter2" not in str(refusal.value)


def test_the_database_knows_since_when_a_key_is_used_and_never_the_key(engine):
    with writing(engine) as connection:
        tokens.note_use(connection, KEY)
        first = connection.execute(select(token_key)).all()
        tokens.note_use(connection, KEY)
        assert connection.execute(select(token_key)).all() == first
        tokens.note_use(connection, b"another key that was made later")
        assert len(connection.execute(select(token_key)).all()) == 2
    assert KEY.decode() not in repr(first)


# The list of tokens


@pytest.fixture
def lists(tmp_path):
    waiting = [pathway(pathway_id="TH1", local_patient_id="L1"), pathway(pathway_id="TH2")]
    (tmp_path / "open-20261115.csv").write_bytes(as_csv([*waiting, pathway(list_type="ONON")]))
    (tmp_path / "stops-20261115.csv").write_bytes(as_csv([stop(pathway_id="TH3")]))
    return [tmp_path / "open-20261115.csv", tmp_path / "stops-20261115.csv"]


def _read(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_list_has_the_tokens_of_the_database_beside_the_identifiers(lists, tmp_path, sqlite_engine):
    out = tmp_path / "tokens.csv"
    written = token_list(lists, KEY, out=out, home=tmp_path / "home")
    rows = {row["pathway_id"]: row for row in _read(out)}
    assert (written.rows, written.missing, len(rows)) == (3, (), 3)
    assert tuple(rows["TH1"]) == COLUMNS
    assert (rows["TH1"]["local_patient_id"], rows["TH1"]["row"]) == ("L1", "2")
    load_path(sqlite_engine, lists[0], options=LoadOptions(token_key=KEY))
    with sqlite_engine.connect() as connection:
        held = set(connection.execute(select(pathway_table.c.token)).scalars())
    assert held == {rows["TH1"]["token"], rows["TH2"]["token"]}


def test_only_the_tokens_asked_for_are_written(lists, tmp_path):
    token_list(lists, KEY, out=tmp_path / "all.csv", home=tmp_path / "home")
    wanted = _read(tmp_path / "all.csv")[0]
    asked = [wanted["token"].lower(), "ABC-ABCDEFGHIJKLMNOP"]
    written = token_list(lists, KEY, only=asked, out=tmp_path / "one.csv", home=tmp_path / "home")
    assert (written.rows, written.missing) == (1, ("ABC-ABCDEFGHIJKLMNOP",))
    assert _read(tmp_path / "one.csv") == [wanted]


def test_the_list_is_its_owners_alone_from_the_first_byte(lists, tmp_path):
    before = os.umask(0)
    try:
        token_list(lists, KEY, out=tmp_path / "tokens.csv", home=tmp_path / "home")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "tokens.csv").stat().st_mode) == 0o600


def test_the_list_is_refused_under_the_home_and_never_written_over(lists, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "door").symlink_to(home)
    for inside in (home / "tokens.csv", home / "x" / ".." / "tokens.csv", tmp_path / "door" / "tokens.csv"):
        with pytest.raises(UnsafePlace, match="RTT_HOME"):
            token_list(lists, KEY, out=inside, home=home)
    (tmp_path / "there.csv").write_text("kept")
    with pytest.raises(UnsafePlace, match="exists"):
        token_list(lists, KEY, out=tmp_path / "there.csv", home=home)
    assert (tmp_path / "there.csv").read_text() == "kept"


def test_a_file_that_cannot_be_read_leaves_no_list_behind(lists, tmp_path):
    (tmp_path / "starts-20261115.csv").write_bytes(as_csv([start()]))
    with pytest.raises(Refused):
        token_list(
            [*lists, tmp_path / "starts-20261115.csv"], KEY, out=tmp_path / "t.csv", home=tmp_path / "h"
        )
    assert not (tmp_path / "t.csv").exists()

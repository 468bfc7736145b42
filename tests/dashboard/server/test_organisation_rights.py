"""Rights that hold at named organisations: every address, page and callback as each role, against one table.

`-` is aggregates under the small-number rules, `ENT` the pathways of that specialty, `all` every pathway with
small numbers. The columns are the scopes: three trusts, two of one ICB, and saved groups of two and of all.
"""

import json
import re
import shutil
from collections import defaultdict

import pytest
from sqlalchemy import select

from dashboard.callbacks import fetching
from dashboard.pages import PAGES
from dashboard.server.access import Reader
from dashboard.settings.areas import WHOLE, Area, areas_at
from dashboard.settings.organisations import Organisations
from ingest.store.database import make_engine
from ingest.store.schema import audit, extract, pathway
from tests.dashboard import tracked, trusts
from tests.dashboard.layouts.test_ptl import TOKEN
from tests.dashboard.served_pages import cards, of_type, table_of, words
from tests.dashboard.server import test_roles as roles
from tests.dashboard.server.test_roles import FORM, requests
from tests.tracking_lists import CENSUS

TABLE = """
role                writes  audits  R9A  R9B  R9C  both  three
nobody              no      no      -    -    -    -     -
plain reader        no      no      -    -    -    -     -
ICB reader          no      no      -    -    -    -     -
writer              yes     no      -    -    -    -     -
auditor             no      yes     -    -    -    -     -
reader of nowhere   no      no      -    -    -    -     -
ENT lead of R9A     no      no      ENT  -    -    -     -
reader of R9A       no      no      all  -    -    -     -
trust lead of R9A   yes     no      all  -    -    -     -
Pat                 no      no      -    -    all  -     -
reader of the ICB   no      no      all  all  -    all   -
reader of all       no      no      all  all  all  all   all
"""
HEAD, *ROWS = [re.split(r"\s{2,}", line) for line in TABLE.strip().splitlines()]
ROLES = {row[0]: dict(zip(HEAD[1:], row[1:], strict=True)) for row in ROWS}
SCOPES = {
    **{trust: f"source=weekly&level=provider&org={trust}" for trust in trusts.TRUSTS},
    "both": "source=weekly&group=1",
    "three": "source=weekly&group=2",
}
MEMBERS = {"both": trusts.TRUSTS[:2], "three": trusts.TRUSTS} | {each: (each,) for each in trusts.TRUSTS}
CENSUSES = (trusts.BEFORE, CENSUS)
MONTHS = {trust: f"source=monthly&level=provider&org={trust}" for trust in trusts.TRUSTS}
BY_NAME = {"/services", "/status", "/audit", "/access"}
"""Pages that show a person their own, or what a writer or an auditor has."""
OF_EVERY_TRUST = {"/trusts"}
"""Pages whose rows are trusts, whatever the scope: each row is by the table."""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("trusts")


@pytest.fixture(scope="module")
def engine(sqlite_template, home):
    made = make_engine(f"sqlite:///{shutil.copy(sqlite_template, home / 'rtt.db')}")
    trusts.load(made, home, censuses=CENSUSES)
    yield made
    made.dispose()
    (home / "rtt.db").unlink()


def tokens_of(engine, censuses):
    """Token -> trust and specialty."""
    asked = select(pathway.c.token, extract.c.provider_code, pathway.c.treatment_function)
    asked = asked.join(extract, extract.c.id == pathway.c.extract_id)
    with engine.connect() as connection:
        rows = connection.execute(asked.where(extract.c.census_date.in_(censuses))).all()
    return {token: (trust, function) for token, trust, function in rows}


@pytest.fixture(scope="module")
def tokens(engine):
    return tokens_of(engine, CENSUSES)


@pytest.fixture(scope="module")
def newest(engine):
    return tokens_of(engine, CENSUSES[-1:])


@pytest.fixture(scope="module")
def clients(engine, home):
    """One server for everybody who is signed in, so that answers it keeps could cross; one for nobody."""
    return {False: tracked.served(engine, home, access="none"), True: trusts.served(engine, home)}


@pytest.fixture
def as_role(clients):
    def of(role):
        signed_in = role != "nobody"
        return clients[signed_in], trusts.as_role(role) if signed_in else {}

    return of


def allowed(role, scope, tokens):
    """The tokens that the table gives somebody in a scope."""
    right = ROLES[role][scope]
    return {
        token
        for token, (trust, function) in tokens.items()
        if trust in MEMBERS[scope] and (right == "all" or (right == "ENT" and function == trusts.ENT))
    }


def named(text, tokens):
    return set(TOKEN.findall(text)) & set(tokens)


def as_somebody_unbound(role, scope):
    """Who sees the same and is bound to no organisation; None for an ENT lead, who has no like here."""
    return {"-": "plain reader", "all": "reader of all"}.get(ROLES[role][scope])


def test_the_table_has_every_role_and_every_scope():
    assert set(ROLES) == {"nobody", *trusts.GROUPS}
    assert set(HEAD[3:]) == set(SCOPES)


@pytest.mark.slow
@pytest.mark.parametrize("page", [each.path for each in PAGES])
def test_each_page_shows_each_role_the_pathways_of_the_table_and_figures_accordingly(page, as_role, tokens):
    """On the own list as whoever may see every pathway, on any other as whoever may see none: to the byte."""
    pages = defaultdict(dict)
    # Twice, so that a kept answer is given; in another order, so that it could be another's.
    for order in (list(ROLES), list(reversed(ROLES))):
        for scope, query in SCOPES.items():
            for role in order:
                client, headers = as_role(role)
                answer = tracked.draw(client, page, f"?{query}", headers)
                assert answer.status_code == 200
                found = named(answer.text, tokens)
                assert found <= allowed(role, scope, tokens), (role, scope)
                if page == "/ptl":
                    assert bool(found) is (ROLES[role][scope] != "-"), (role, scope)
                pages[scope][role] = answer.json["response"]["page"]
    if page in BY_NAME | OF_EVERY_TRUST:
        return
    for scope in trusts.TRUSTS:
        for role in ("reader of R9A", "reader of the ICB", "Pat", "reader of nowhere"):
            like = as_somebody_unbound(role, scope)
            if page in ("/ptl", "/book-next") and like == "plain reader":
                continue  # whoever has a list elsewhere is told where
            assert pages[scope][role] == pages[scope][like], (role, scope)
    assert pages["R9A"]["plain reader"] != pages["R9A"]["reader of R9A"] or page not in ("/", "/ptl")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("query", ["", "&tf=C_120", "&tf=C_130"])
def test_trusts_side_by_side_are_each_shown_by_the_table(role, query, as_role):
    """The row of a trust as on its own list, whatever list the page was opened from; their sum as far as
    every list that is not the reader's own shows it.
    """
    for scope in trusts.TRUSTS:
        mine, public, whole = (
            side_by_side(as_role, who, f"{SCOPES[scope]}{query}")
            for who in (role, "plain reader", "reader of all")
        )
        for trust in trusts.TRUSTS:
            right = ROLES[role][trust]
            exact = right == "all" or (right == "ENT" and query == "&tf=C_120")
            if right != "ENT" or exact:
                assert mine[trust] == (whole if exact else public)[trust], (scope, trust)
        others = [trust for trust in trusts.TRUSTS if ROLES[role][trust] == "-"]
        for column in ("Waiting", "Over 52 weeks"):
            if mine["All trusts"][column].replace(",", "").isdigit():
                assert all(public[trust][column].replace(",", "").isdigit() for trust in others), column


def side_by_side(as_role, who, query) -> dict[str, dict[str, str]]:
    """Trust -> column -> cell."""
    client, headers = as_role(who)
    page = tracked.draw(client, "/trusts", f"?{query}", headers).json["response"]["page"]["children"]
    heading, *rows = table_of(cards(page)["trusts"])
    return {
        row[0].split()[0] if row[0] != "All trusts" else row[0]: dict(zip(heading, row, strict=True))
        for row in rows
    }


def test_small_numbers_of_trusts_side_by_side_are_hidden_from_some_and_shown_to_others(as_role):
    told = {
        who: side_by_side(as_role, who, f"{SCOPES['R9A']}&tf=C_130")
        for who in ("plain reader", "reader of R9A", "reader of all")
    }
    for trust in trusts.TRUSTS:
        assert told["plain reader"][trust] != told["reader of all"][trust]
    assert told["reader of R9A"]["R9A"] == told["reader of all"]["R9A"]


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted({each.path for each in PAGES} - BY_NAME - {"/ptl", "/book-next"}))
def test_each_page_of_a_return_is_as_whoever_sees_the_same_of_its_trust_has_it(page, as_role):
    """What a month says of the list beside it is of that list."""
    for trust, query in MONTHS.items():
        for role in ("reader of R9A", "reader of the ICB", "Pat"):
            drawn = []
            for who in (role, as_somebody_unbound(role, trust)):
                client, headers = as_role(who)
                drawn.append(
                    tracked.draw(client, page, f"?{query}", headers).json["response"]["page"]["children"]
                )
            assert drawn[0] == drawn[1], (role, trust)


def test_what_a_return_says_of_the_list_beside_it_is_exact_for_whoever_has_that_list(as_role):
    said = {}
    for role in ("plain reader", "reader of R9A", "Pat", "reader of all"):
        client, headers = as_role(role)
        for trust, query in MONTHS.items():
            drawn = tracked.draw(client, "/quality", f"?{query}", headers).json["response"]
            page = words(drawn["page"]["children"])
            said[role, trust] = page.partition("PTL compared with the monthly return")[2]
    differ = {trust for trust in MONTHS if said["plain reader", trust] != said["reader of all", trust]}
    assert "R9A" in differ
    for role, own in (("reader of R9A", "R9A"), ("Pat", "R9C")):
        for trust in differ:
            like = "reader of all" if trust == own else "plain reader"
            assert said[role, trust] == said[like, trust], (role, trust)


@pytest.mark.parametrize(
    ("role", "begins"),
    [
        ("plain reader", "R9A"),
        ("reader of all", "R9A"),
        ("reader of R9A", "R9A"),
        ("reader of the ICB", "R9A"),
        ("Pat", "R9C"),
        ("reader of nowhere", "R9A"),
    ],
)
def test_who_names_no_organisation_begins_with_the_own_list(role, begins, as_role):
    client, headers = as_role(role)
    for query in ("", "?source=weekly", "?tf=C_120", "?level=provider"):
        assert heading(client, query, headers).startswith(f"Overview: {begins} "), query
    for query, named in (
        (SCOPES["R9B"], "R9B"),
        ("source=monthly", "Part of England"),
        (SCOPES["both"], "Both"),
    ):
        assert heading(client, f"?{query}", headers).startswith(f"Overview: {named}"), query


def heading(client, query, headers) -> str:
    page = tracked.draw(client, "/", query, headers).json["response"]["page"]["children"]
    return words(of_type(page, "H1")[0])


@pytest.mark.parametrize("role", ROLES)
def test_each_address_answers_each_role_as_the_table_says(role, engine, home, tokens, monkeypatch, tmp_path):
    monkeypatch.setattr(fetching, "_start", lambda _: "")
    # A database of its own: what is written here is nobody else's to withdraw.
    engine.dispose()
    own = make_engine(f"sqlite:///{shutil.copy(home / 'rtt.db', tmp_path / 'rtt.db')}")
    client = (
        trusts.served(own, tmp_path) if role != "nobody" else tracked.served(own, tmp_path, access="none")
    )
    headers = trusts.as_role(role) if role != "nobody" else {}
    writes, audits = (ROLES[role][name] == "yes" for name in ("writes", "audits"))
    sees = any(ROLES[role][scope] != "-" for scope in SCOPES)
    known = (
        roles.READS | roles.WRITES | roles.SAVES | roles.OWN | roles.OF_EMAILS | roles.OF_SCREENS
        | roles.NEEDS_PATHWAYS | roles.AUDITS
    )  # fmt: skip
    for name, path, method in requests(client):
        answer = client.open(
            path, method=method, headers=headers | tracked.OURS, data=FORM if method == "POST" else None
        )
        may = (
            name in roles.READS | roles.OF_SCREENS
            or (name in roles.WRITES and writes)
            or (name in roles.SAVES and (writes or sees))
            or (name in roles.OWN and role != "nobody")
            or (name in roles.NEEDS_PATHWAYS and sees)
            or (name in roles.AUDITS and audits)
        )
        assert name in known
        assert (answer.status_code != 403) is may, (name, method, answer.status_code)
        if name != "/ptl/export":
            assert not named(answer.get_data().decode(errors="ignore"), tokens), name
    own.dispose()


@pytest.mark.parametrize("role", ROLES)
def test_a_file_of_pathways_holds_those_of_the_table_and_is_written_down(role, as_role, newest, engine):
    client, headers = as_role(role)
    for scope, query in SCOPES.items():
        form = {**FORM, "query": f"?{query}&nonc=with", "kind": "list", "columns": "all"}
        answer = client.post("/ptl/export", headers=headers | tracked.OURS, data=form)
        found = named(answer.text, newest)
        assert found == allowed(role, scope, newest), scope
        if found:
            with engine.connect() as connection:
                line = connection.execute(select(audit).order_by(audit.c.id.desc())).first()
            assert (line.reader, line.action, line.rows) == (role, "exported", len(found))


def test_a_token_of_another_trust_is_not_found_nor_its_history_opened(as_role, tokens):
    client, headers = as_role("reader of R9A")
    theirs = next(token for token, (trust, _) in tokens.items() if trust == "R9B")
    page = tracked.draw(client, "/ptl", f"?{SCOPES['R9A']}", headers).text
    own = min(named(page, tokens))
    for scope, query in SCOPES.items():
        form = {**FORM, "query": f"?{query}", "tokens": f"{theirs} {own}"}
        answer = client.post("/ptl/find", headers=headers | tracked.OURS, data=form)
        assert answer.status_code == 303
        path, _, found = answer.headers["Location"].partition("?")
        shown = tracked.draw(client, path, f"?{found}&open=1", headers).text
        assert theirs not in shown, scope
        # A group is left behind, as every filter that could hide what is looked for: R9A is the first list.
        assert (own in shown) is (scope not in ("R9B", "R9C"))


FILES = ("/card.csv?card=specialties&page=/&", "/card.xlsx?card=share-trend&page=/&audience=internal&",
         "/pack.html?audience=internal&", "/pack.xlsx?audience=internal&")  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_files_of_figures_are_those_of_whoever_sees_the_same(file, as_role, tokens):
    for scope in trusts.TRUSTS:
        given = {}
        for role in ("plain reader", "reader of all", "reader of R9A", "reader of the ICB", "Pat"):
            client, headers = as_role(role)
            answer = client.get(f"{file}{SCOPES[scope]}", headers=headers)
            assert answer.status_code == 200, answer.text[:300]
            given[role] = answer.data
        for role, data in given.items():
            assert data == given[as_somebody_unbound(role, scope)], (role, scope)
        assert given["plain reader"] != given["reader of all"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_figures_for_programs_hide_small_numbers_of_each_trust_by_the_table(role, kind, as_role):
    client, headers = as_role(role)
    told = {}
    for who in (role, "plain reader", "reader of all"):
        client, headers = as_role(who)
        text = client.get(
            f"/api/figures.{kind}?source=weekly&level=provider&include-nonc=yes", headers=headers
        ).text
        rows = json.loads(text) if kind == "json" else text.splitlines()
        told[who] = [row if kind == "csv" else json.dumps(row) for row in rows]
    for trust in trusts.TRUSTS:
        mine, public, whole = (
            [row for row in told[who] if trust in row] for who in (role, "plain reader", "reader of all")
        )
        assert public != whole
        if ROLES[role][trust] == "ENT":
            assert mine not in (public, whole)
        else:
            assert mine == (whole if ROLES[role][trust] == "all" else public), trust


@pytest.mark.parametrize("role", ROLES)
def test_rows_of_a_file_are_counted_exactly_for_writers_and_whoever_has_the_list_whole(role, as_role):
    client, headers = as_role(role)
    told = client.get("/status.json", headers=headers).json
    for feed in told["feeds"]:
        if feed["source"] == "weekly":
            exact = ROLES[role]["writes"] == "yes" or ROLES[role][feed["provider_code"]] == "all"
            assert isinstance(feed["rows"], int) is exact, feed["provider_code"]


def test_auditors_see_who_sees_which_trust_today(as_role):
    client, headers = as_role("auditor")
    text = tracked.draw(client, "/access", "", headers).text
    for said in (
        "at-the-icb",
        "QE1",
        "R9A and R9B",
        "at the organisations of the person",
        "Pat",
        "all-booking",
    ):
        assert said in text, said
    for role in set(ROLES) - {"auditor"}:
        client, headers = as_role(role)
        assert "at-the-icb" not in tracked.draw(client, "/access", "", headers).text


def test_auditors_see_a_trust_beside_those_that_it_was_made_of(engine, home):
    named = Organisations({"r0b-booking": frozenset({"R0B"}), "at-the-icb": frozenset({trusts.ICB})}, {})
    client = trusts.served(engine, home, trusts.PROXY.model_copy(update={"organisations": named}))
    text = tracked.draw(client, "/access", "", trusts.as_role("auditor")).text
    assert "R0B, RE9 and RLN" in text
    assert "R9A and R9B" in text
    assert f"{trusts.ICB}, " not in text


def test_a_reader_who_comes_to_another_list_is_told_which_is_theirs(as_role):
    client, headers = as_role("reader of R9A")
    text = tracked.draw(client, "/ptl", f"?{SCOPES['R9B']}", headers).text
    assert "You do not have access to the pathways of R9B Hospitals NHS Trust. You see those of R9A." in text
    assert "/ptl?source=weekly&level=provider&org=R9A" in text.replace("\\u002f", "/")


# The arithmetic of it

A, B, ENT = "R9A", "R9B", frozenset({trusts.ENT})
BOUND = (
    # areas, trusts asked for, what holds there
    ((Area(None, None, frozenset({A})),), (A,), (WHOLE,)),
    ((Area(None, None, frozenset({A})),), (B,), ()),
    ((Area(None, None, frozenset({A})),), (A, B), ()),
    ((Area(None, None, frozenset({A, B})),), (A, B), (WHOLE,)),
    ((Area(None, None, frozenset({A})), Area(None, None, frozenset({B}))), (A, B), (WHOLE,)),
    ((Area(ENT, None, frozenset({A})),), (A,), (Area(ENT, None),)),
    ((Area(ENT, None, frozenset({A})),), (A, B), ()),
    ((Area(ENT, None), Area(None, None, frozenset({A}))), (A,), (WHOLE,)),
    ((Area(ENT, None), Area(None, None, frozenset({A}))), (B,), (Area(ENT, None),)),
    ((Area(ENT, None, frozenset({A})), Area(None, frozenset({"R9A01"}), frozenset({A}))), (A,),
     (Area(ENT, None), Area(None, frozenset({"R9A01"})))),
    ((Area(None, None, frozenset({A})),), (), ()),
    ((), (A,), ()),
)  # fmt: skip


@pytest.mark.parametrize(("areas", "asked", "holds"), BOUND)
def test_what_holds_at_trusts_is_what_holds_at_each_of_them(areas, asked, holds):
    assert areas_at(areas, asked) == holds
    bound = any(area.trusts is not None for area in areas)
    reader = Reader(areas=areas).at(asked)
    assert reader.may_see_pathways is (bound and holds == (WHOLE,))
    assert all(area.trusts is None for area in reader.areas)


def test_a_file_of_a_group_that_holds_the_own_list_is_marked_and_written_down(as_role, engine):
    """Less the other lists, which everybody sees, it tells small numbers of the own one."""
    csv, pack = "/card.csv?card=specialties&page=/", "/pack.html?audience=internal"
    for role, marked in (("plain reader", False), ("reader of R9A", True), ("reader of all", True)):
        client, headers = as_role(role)
        text = client.get(f"{csv}&{SCOPES['both']}", headers=headers).text
        assert ("could identify" in text) is marked, role
        before = lines(engine)
        assert client.get(f"{pack}&{SCOPES['both']}", headers=headers).status_code == 200
        assert lines(engine) - before == marked, role


def lines(engine) -> int:
    with engine.connect() as connection:
        return len(connection.execute(select(audit.c.id)).all())

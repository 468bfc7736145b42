"""Where rights hold: the tables of the access file, the proxy's header, and what follows for a person."""

import pytest

from dashboard.server.access import Denied, reader
from dashboard.settings import SettingError
from dashboard.settings.areas import WHOLE, Area
from dashboard.settings.organisations import codes_told
from dashboard.settings.settings import Proxy, Settings, from_environment
from tests.dashboard import tracked
from tests.dashboard.server.test_roles import PLACES

ENT = Area(frozenset({"C_120"}), None)


def access_file(tmp_path, text):
    file = tmp_path / "access.toml"
    file.write_text(text)
    return {"RTT_ACCESS_FILE": str(file), "RTT_PATHWAY_READERS": "booking, r9b-booking, all-booking"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[organisations]\nstaff = ["r9a"]', "'r9a' is no code of a trust or ICB; expected 3 to 6 capitals"),
        ('[organisations]\nstaff = ["R9"]', "'R9' is no code"),
        ('[organisations]\nstaff = ["R9A01234"]', "no code of a trust"),
        ("[organisations]\nstaff = [7]", "7 is no code"),
        ('[organisations]\nstaff = ["all"]', "'all' is no code"),
        ("[organisations]\nstaff = []", "expected a list of codes"),
        ('[organisations]\nstaff = "R9A"', "expected a list of codes"),
        ('[organisations]\nstaff = ""', "expected a list of codes"),
        ('[organisations]\nstaff = {codes = ["R9A"]}', "expected a list of codes"),
        ('[organisations]\nstaff = ["R9A", "R9A"]', "a code stands there twice"),
        ('[organisations]\nstaff = ["R9A"]\nstaff = ["R9B"]', "stands there twice, expected once"),
        ('[organisations]\nstaff = ["R9A"]\n[organisations]\nx = ["R9B"]', "stands there twice"),
        ("[organisations]", "names no group"),
        ("[people]", "names no person"),
        ('[organisations]\n"a,b" = ["R9A"]', "without commas"),
        ('[organisations]\n" staff" = ["R9A"]', "without commas or spaces"),
        ('[organisations]\n"" = ["R9A"]', "the name of a group"),
        ('[people]\n"Jo" = ["x"]', "'x' is no code"),
        ('[organisation]\nstaff = ["R9A"]', "and nothing else"),
        ("organisations = 1", "and nothing else"),
    ],
)
def test_organisations_that_cannot_be_meant_stop_the_start(tmp_path, text, said):
    with pytest.raises(SettingError) as refused:
        from_environment(PLACES | access_file(tmp_path, text))
    assert said in str(refused.value)
    assert str(refused.value).startswith("RTT_ACCESS_FILE: access.toml")
    assert "Jo" not in str(refused.value)


TABLES = """
[leads."ent-leads"]
specialties = ["120"]

[organisations]
"r9b-booking" = ["R9B"]
"all-booking" = "all"
"r9a-staff" = ["R9A"]
"icb-staff" = ["QE1", "R9C"]
"everywhere-staff" = "all"

[people]
"Jo" = ["R9D"]
"""
AT = {code: Area(None, None, frozenset({code})) for code in ("R9A", "R9B", "R9D")}
FOLLOWS = (
    # name, groups, what the sign-in told, what follows; None for every pathway
    ("x", "booking", "", ()),
    ("x", "r9a-staff", "", ()),
    ("x", "booking,r9a-staff", "", (AT["R9A"],)),
    ("x", "booking,everywhere-staff", "", None),
    ("x", "all-booking", "", None),
    ("x", "r9b-booking", "", (AT["R9B"],)),
    # A group that has organisations of its own has its right there alone, wherever its people work.
    ("x", "r9b-booking,r9a-staff", "R9D", (AT["R9B"],)),
    ("x", "r9b-booking,booking,r9a-staff", "", (AT["R9A"], AT["R9B"])),
    # A group's own right does not carry another group's.
    ("x", "r9b-booking,ent-leads", "", (AT["R9B"],)),
    ("x", "ent-leads,r9a-staff", "", (Area(ENT.functions, None, frozenset({"R9A"})),)),
    ("x", "ent-leads,booking,r9a-staff", "", (AT["R9A"], Area(ENT.functions, None, frozenset({"R9A"})))),
    ("x", "booking,icb-staff", "", (Area(None, None, frozenset({"QE1", "R9C"})),)),
    ("x", "booking", "R9A", (AT["R9A"],)),
    ("x", "booking", "all", ()),
    ("x", "booking", "r9a, *, R9A' or 1=1", ()),
    ("x", "", "R9A", ()),
    ("Jo", "booking", "", (AT["R9D"],)),
    ("Jo", "booking,r9a-staff", "", (Area(None, None, frozenset({"R9A", "R9D"})),)),
    ("jo", "booking", "", ()),
)


def environ(name, groups, told, header="X-Remote-Organisations"):
    given = tracked.as_role("viewer") | {"X-Remote-User": name, "X-Remote-Groups": groups, header: told}
    return {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "PATH_INFO": "/"} | {
        f"HTTP_{key.upper().replace('-', '_')}": value for key, value in given.items()
    }


@pytest.mark.parametrize(("name", "groups", "told", "follows"), FOLLOWS)
def test_what_follows_from_groups_names_and_what_the_sign_in_told(tmp_path, name, groups, told, follows):
    given = PLACES | access_file(tmp_path, TABLES) | {"RTT_ORGANISATIONS_HEADER": "X-Remote-Organisations"}
    settings = from_environment(given | {"RTT_HOSTS": "localhost"})
    found = reader(environ(name, groups, told), settings)
    assert found.may_see_pathways is (follows is None)
    assert found.areas == (follows or ())


def test_a_header_that_no_setting_names_tells_nothing(tmp_path):
    settings = from_environment(PLACES | access_file(tmp_path, TABLES) | {"RTT_HOSTS": "localhost"})
    assert reader(environ("x", "booking", "R9A"), settings).areas == ()


def test_without_the_setting_rights_hold_everywhere(tmp_path):
    given = access_file(tmp_path, '[leads."ent-leads"]\nspecialties = ["120"]\n')
    settings = from_environment(PLACES | given | {"RTT_HOSTS": "localhost"})
    assert reader(environ("x", "booking", "R9A"), settings).may_see_pathways
    assert reader(environ("x", "ent-leads", "R9A"), settings).areas == (ENT,)


def test_the_header_alone_bounds_every_right(tmp_path):
    proxy = Proxy(
        addresses=("127.0.0.1",),
        secret=tracked.SECRET,
        pathway_readers=frozenset({"booking"}),
        organisations_header="X-Remote-Organisations",
    )
    settings = Settings(home=tmp_path, access="proxy", proxy=proxy, hosts=frozenset({"localhost"}))
    assert reader(environ("x", "booking", "R9A,R9B"), settings).areas == (
        Area(None, None, frozenset({"R9A", "R9B"})),
    )
    assert reader(environ("x", "booking", ""), settings).areas == ()
    twice = environ("x", "booking", "R9A") | {"HTTP_X_RTT_REPEATED": "X-REMOTE-ORGANISATIONS"}
    with pytest.raises(Denied, match="more than once"):
        reader(twice, settings)


def test_codes_are_taken_from_what_is_told_only_where_they_have_their_shape():
    assert codes_told(["R9A", " QE1 ", "r9b", "", "R9", "ABCDEFG", "R9A01", "R9A\n"]) == {
        "R9A",
        "QE1",
        "R9A01",
    }
    assert len(codes_told(f"R{number:04}" for number in range(1000))) == 200


def test_a_whole_list_is_what_a_reader_of_a_trust_has_there(tmp_path):
    settings = from_environment(PLACES | access_file(tmp_path, TABLES) | {"RTT_HOSTS": "localhost"})
    there = reader(environ("x", "r9b-booking", ""), settings)
    assert there.areas_in("R9B") == (WHOLE,)
    assert there.areas_in("R9A") == ()
    assert there.at(("R9B",)).may_see_pathways
    assert not there.at(("R9B", "R9A")).sees_some_pathways

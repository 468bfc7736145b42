"""Who may do what, by what the request brings: a table of requests and what becomes of each."""

from pathlib import Path

import pytest

from dashboard.server.access import Denied, check_origin, reader
from dashboard.settings import SettingError
from dashboard.settings.settings import Proxy, Settings, from_environment

SECRET = "correct horse battery staple"
PROXY = Proxy(
    addresses=("10.0.0.5", "10.1.0.0/24"),
    secret=SECRET,
    writers=frozenset({"rtt-writers"}),
    pathway_readers=frozenset({"rtt-leads"}),
    auditors=frozenset({"ig"}),
)


def settings(access, **more):
    return Settings(home=Path("unused"), access=access, proxy=PROXY if access == "proxy" else None, **more)


def request(peer="127.0.0.1", host="localhost:8050", **headers):
    names = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}
    return {"REMOTE_ADDR": peer, "HTTP_HOST": host, "SERVER_NAME": "127.0.0.1", "PATH_INFO": "/", **names}


def signed_in(user="jo", groups="", peer="10.0.0.5", **headers):
    given = {"X_Proxy_Secret": SECRET, "X_Remote_User": user, "X_Remote_Groups": groups}
    return request(peer, "rtt.example.nhs.uk", **(given | headers))


HOSTS = frozenset({"rtt.example.nhs.uk"})


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8050", "127.0.0.1:1", "[::1]:8050", "LOCALHOST"])
def test_single_user_lets_in_the_person_at_the_machine(peer, host):
    who = reader(request(peer, host), settings("single-user"))
    assert who.name
    assert who.may_write
    assert who.may_see_pathways


@pytest.mark.parametrize(
    "forged",
    [
        {"peer": "10.0.0.9"},
        {"peer": "192.168.1.2"},
        {"peer": "::ffff:10.0.0.9"},
        {"peer": ""},
        {"peer": "localhost"},
        {"host": "evil.example"},
        {"host": "localhost.evil.example"},
        {"host": "127.0.0.1.nip.example"},
        {"host": "evil.example@localhost"},
        {"host": "localhost, evil.example"},
        {"host": "localhost."},
        {"host": "[::2]"},
        {"host": "0.0.0.0:8050"},
        {"host": ""},
        {"Forwarded": "for=127.0.0.1"},
        {"X_Forwarded_For": "127.0.0.1"},
        {"X_Forwarded_Host": "localhost"},
        {"X_Forwarded_Proto": "https"},
        {"X_Forwarded": "yes"},
        {"X_Real_IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"CF_Connecting_IP": "127.0.0.1"},
        {"True_Client_IP": "127.0.0.1"},
        {"X_Original_Host": "localhost"},
        {"X_Forwarded_For": ""},
    ],
)
def test_single_user_refuses_whatever_may_come_from_elsewhere(forged):
    with pytest.raises(Denied):
        reader(request(**forged), settings("single-user"))


def test_a_setting_cannot_open_single_user_to_another_name():
    with pytest.raises(Denied):
        reader(request(host="rtt.example.nhs.uk"), settings("single-user", hosts=HOSTS))


def test_without_access_everybody_reads_and_nobody_writes():
    who = reader(request("10.0.0.9", X_Remote_User="root", X_Forwarded_For="127.0.0.1"), settings("none"))
    assert (who.name, who.may_write, who.may_see_pathways, who.may_audit) == ("", False, False, False)


@pytest.mark.parametrize(
    ("access", "hosts", "host", "let_in"),
    [
        ("none", frozenset(), "localhost", True),
        ("none", frozenset(), "127.0.0.1:8050", True),
        ("none", frozenset(), "10.0.0.4", False),
        ("none", frozenset(), "rtt.example.nhs.uk", False),
        ("none", HOSTS, "rtt.example.nhs.uk", True),
        ("none", HOSTS, "RTT.example.nhs.uk:443", True),
        ("none", HOSTS, "localhost", False),
        ("none", HOSTS, "evil.example", False),
        ("proxy", frozenset(), "rtt.example.nhs.uk", False),
    ],
)
def test_host_names_are_allow_listed_in_every_mode(access, hosts, host, let_in):
    asked = signed_in() | {"HTTP_HOST": host}
    if let_in:
        assert reader(asked, settings(access, hosts=hosts))
    else:
        with pytest.raises(Denied) as refusal:
            reader(asked, settings(access, hosts=hosts))
        assert refusal.value.status == 421


def test_the_address_the_server_is_bound_to_is_a_name_of_its_own():
    asked = request(host="10.0.0.4:8050") | {"SERVER_NAME": "10.0.0.4"}
    assert reader(asked, settings("none"))
    with pytest.raises(Denied):
        reader(request(host="0.0.0.0") | {"SERVER_NAME": "0.0.0.0"}, settings("none"))


@pytest.mark.parametrize(
    ("groups", "may"),
    [
        ("", (False, False, False)),
        ("rtt-writers", (True, False, False)),
        ("staff, rtt-leads", (False, True, False)),
        ("ig,rtt-writers", (True, False, True)),
        ("rtt-writers-not", (False, False, False)),
        ("RTT-WRITERS", (False, False, False)),
    ],
)
@pytest.mark.parametrize("peer", ["10.0.0.5", "10.1.0.200"])
def test_groups_say_what_a_signed_in_reader_may_do(groups, may, peer):
    who = reader(signed_in(groups=groups, peer=peer), settings("proxy", hosts=HOSTS))
    assert who.name == "jo"
    assert (who.may_write, who.may_see_pathways, who.may_audit) == may


@pytest.mark.parametrize(
    ("forged", "status"),
    [
        ({"peer": "10.0.0.6"}, 403),
        ({"peer": "127.0.0.1"}, 403),
        ({"X_Forwarded_For": "10.0.0.5", "peer": "10.0.0.6"}, 403),
        ({"X_Proxy_Secret": ""}, 403),
        ({"X_Proxy_Secret": SECRET[:-1]}, 403),
        ({"X_Proxy_Secret": SECRET + "," + SECRET}, 403),
        ({"X_Proxy_Secret": "é" * 28}, 403),
        ({"user": ""}, 401),
        ({"user": "  "}, 401),
        ({"user": "admin,jo"}, 401),
        ({"user": "jo\x00"}, 401),
        ({"user": "x" * 121}, 401),
    ],
)
def test_a_forged_sign_in_is_refused(forged, status):
    with pytest.raises(Denied) as refusal:
        reader(signed_in(groups="rtt-writers", **forged), settings("proxy", hosts=HOSTS))
    assert refusal.value.status == status
    assert SECRET not in refusal.value.sentence


def test_the_health_check_of_the_machine_itself_needs_no_sign_in():
    asked = request(host="localhost") | {"PATH_INFO": "/health"}
    assert not reader(asked, settings("proxy", hosts=HOSTS)).may_write
    with pytest.raises(Denied):
        reader(asked | {"REMOTE_ADDR": "10.0.0.9"}, settings("proxy", hosts=HOSTS))
    with pytest.raises(Denied):
        reader(asked | {"PATH_INFO": "/health/../"}, settings("proxy", hosts=HOSTS))


@pytest.mark.parametrize(
    ("headers", "may_read", "may_write"),
    [
        ({"Origin": "http://localhost:8050"}, True, True),
        ({"Origin": "http://localhost:8050", "Sec_Fetch_Site": "same-origin"}, True, True),
        ({"Sec_Fetch_Site": "same-origin"}, True, True),
        ({"Origin": "null", "Sec_Fetch_Site": "same-origin"}, True, True),
        ({}, True, False),
        ({"Sec_Fetch_Site": "none"}, True, False),
        ({"Origin": "null"}, True, False),
        ({"Origin": "null", "Sec_Fetch_Site": "cross-site"}, False, False),
        ({"Origin": "http://evil.example"}, False, False),
        ({"Origin": "http://evil.example", "Sec_Fetch_Site": "same-origin"}, False, False),
        ({"Origin": "http://localhost:8051"}, False, False),
        ({"Origin": "http://localhost:8050.evil.example"}, False, False),
        ({"Origin": "http://localhost:8050@evil.example"}, False, False),
        ({"Origin": "http://localhost:99999"}, False, False),
        ({"Origin": "http://localhost:8050", "Sec_Fetch_Site": "cross-site"}, False, False),
        ({"Origin": "http://localhost:8050", "Sec_Fetch_Site": "same-site"}, False, False),
    ],
)
def test_a_request_that_writes_comes_from_a_page_of_ours(headers, may_read, may_write):
    for writes, allowed in ((False, may_read), (True, may_write)):
        if allowed:
            check_origin(request(**headers), writes=writes)
        else:
            with pytest.raises(Denied):
                check_origin(request(**headers), writes=writes)


def test_behind_a_proxy_the_page_is_secure_and_its_port_goes_without_saying():
    asked = request(host="rtt.example.nhs.uk", Origin="https://rtt.example.nhs.uk")
    check_origin(asked, writes=True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"RTT_ACCESS": "all"}, "expected one of none, single-user, proxy"),
        ({"RTT_ACCESS": "proxy"}, "RTT_PROXY_ADDRESSES"),
        ({"RTT_ACCESS": "proxy", "RTT_PROXY_ADDRESSES": "proxy.example"}, "addresses or networks"),
        ({"RTT_ACCESS": "proxy", "RTT_PROXY_ADDRESSES": "10.0.0.5"}, "RTT_PROXY_SECRET"),
        (
            {"RTT_ACCESS": "proxy", "RTT_PROXY_ADDRESSES": "10.0.0.5", "RTT_PROXY_SECRET": "short"},
            "16 characters",
        ),
        ({"RTT_UPLOAD_MB": "0"}, "whole number"),
    ],
)
def test_settings_that_would_leave_a_door_open_are_refused(given, words):
    with pytest.raises(SettingError, match=words):
        from_environment(given)


def test_the_proxy_is_read_from_the_environment_and_its_secret_is_never_shown():
    found = from_environment(
        {
            "RTT_ACCESS": "proxy",
            "RTT_PROXY_ADDRESSES": "10.0.0.5, 10.1.0.0/24",
            "RTT_PROXY_SECRET": SECRET,
            "RTT_WRITERS": "rtt-writers",
            "RTT_PATHWAY_READERS": "rtt-leads",
            "RTT_AUDITORS": "ig",
            "RTT_HOSTS": "RTT.example.nhs.uk",
        }
    )
    assert found.proxy == PROXY
    assert found.hosts == HOSTS
    assert SECRET not in repr(found)

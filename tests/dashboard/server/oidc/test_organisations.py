"""The organisations that claims name: as providers write them, and what they bound in a session."""

import sqlite3

import pytest

from dashboard.server.oidc.claims import person_of
from dashboard.settings.oidc import Oidc, hashed
from dashboard.settings.organisations import Organisations
from dashboard.store.sign_ins import FILE, sign_ins
from tests import providers
from tests.dashboard import tracked
from tests.dashboard.layouts.test_ptl import TOKEN
from tests.dashboard.server.oidc.signing_in import client_as, served, settings_for, sign_in_anew
from tests.dashboard.server.oidc.test_claims import CIS2

LISTED = "?source=weekly&level=provider&org=R9A"
# Entra ID: a directory extension, or application roles that are codes; Keycloak: a mapper of an attribute;
# CIS2: the roles of a person, those of the one that was chosen, and the organisations beside them.
NAMES = [
    ({"extn.odsCode": ["R9A"]}, "extn.odsCode", {"R9A"}),
    ({"roles": ["Rtt.Write", "R9A", "RTD"]}, "roles", {"R9A", "RTD"}),
    ({"organisation": "R9A"}, "organisation", {"R9A"}),
    ({"organisation": {"R9A": {"id": "1"}}}, "organisation", set()),
    ({"attributes": {"ods": ["R9A", "QE1"]}}, "attributes.ods", {"R9A", "QE1"}),
    (CIS2, "nhsid_nrbac_roles.org_code", {"R9A", "RTD"}),
    (CIS2, "nhsid_nrbac_roles[person_roleid=@selected_roleid].org_code", {"R9A"}),
    ({"nhsid_user_orgs": [{"org_name": "A", "org_code": "R9A"}]}, "nhsid_user_orgs.org_code", {"R9A"}),
    ({"organisation": ["all", "*", "r9a", "", None, 7]}, "organisation", set()),
    ({}, "organisation", set()),
]


@pytest.fixture(scope="module")
def provider():
    with providers.provider() as made:
        yield made


@pytest.mark.parametrize(("claims", "path", "codes"), NAMES)
def test_a_path_gives_the_codes_of_organisations_and_nothing_else(claims, path, codes):
    oidc = Oidc(issuer="https://login.example", client_id="rtt", secret="x", organisations_claim=(path,))
    assert person_of({"iss": "https://login.example", "sub": "1", **claims}, oidc).organisations == codes


def bounded(provider, folder, **more):
    return settings_for(provider, folder, organisations_claim=("organisation",), **more)


def sees(client) -> bool:
    return bool(TOKEN.search(tracked.draw(client, "/ptl", LISTED).text))


def test_a_claim_bounds_pathways_to_the_organisation_that_it_names(sqlite_engine, provider, tmp_path, caplog):
    tracked.load(sqlite_engine, tmp_path)
    app = served(sqlite_engine, bounded(provider, tmp_path))
    assert sees(client_as(app, provider, "booking", organisation="R9A"))
    assert not sees(client_as(app, provider, "booking", organisation="R9B"))
    assert not sees(client_as(app, provider, "viewer", organisation="R9A"))
    assert "without an organisation" not in caplog.text
    assert not sees(client_as(app, provider, "booking"))
    assert "signed in without an organisation: the provider sends no code in organisation" in caplog.text


def test_an_organisation_that_is_gone_is_felt_at_the_next_sign_in(sqlite_engine, provider, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    app = served(sqlite_engine, bounded(provider, tmp_path))
    client = client_as(app, provider, "booking", organisation="R9A")
    assert sees(client)
    provider.person["organisation"] = "R9B"
    assert sees(client)
    sign_in_anew(client)
    assert not sees(client)


def test_a_person_of_the_access_file_is_known_by_subject_and_not_by_name(sqlite_engine, provider, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    named = Organisations(of_person={"s-7": frozenset({"R9A"})})
    app = served(sqlite_engine, settings_for(provider, tmp_path, organisations=named))
    assert sees(client_as(app, provider, "booking", sub="s-7", name="Jo"))
    assert not sees(client_as(app, provider, "booking", sub="s-8", name="Jo"))
    assert not sees(client_as(app, provider, "booking", sub="s-9", name="s-7"))


def test_auditors_see_whose_pathways_each_session_may_see(sqlite_engine, provider, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    app = served(sqlite_engine, bounded(provider, tmp_path))
    client_as(app, provider, "booking", organisation=["R9A", "R9B"], name="Sam")
    client_as(app, provider, "viewer", organisation="R9A", name="Vi")
    text = tracked.draw(client_as(app, provider, "auditor"), "/access", "").text
    for said in (
        "Pathways of",
        "R9A and R9B",
        "those that the sign-in sends (organisation)",
        "3 sessions now",
    ):
        assert said in text, said


def test_sessions_of_a_version_before_have_no_organisation(sqlite_engine, provider, tmp_path):
    """Their file gains the column; who is signed in stays so, and sees no pathway until the next sign-in."""
    tracked.load(sqlite_engine, tmp_path)
    app = served(sqlite_engine, bounded(provider, tmp_path))
    client = client_as(app, provider, "booking", organisation="R9A")
    assert sees(client)
    sign_ins(tmp_path).dispose()
    sign_ins.cache_clear()
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("ALTER TABLE session DROP COLUMN organisations")
    file.close()
    after = served(sqlite_engine, bounded(provider, tmp_path)).test_client()
    after._cookies = client._cookies
    assert after.get("/version").status_code == 200
    assert not sees(after)
    sign_in_anew(after)
    assert sees(after)


def test_a_hashed_subject_is_that_of_its_issuer():
    assert hashed("https://a", "1") != hashed("https://b", "1") != hashed("https://b", "2")

"""Which groups the claims of each provider give: a table, and what must give none."""

import pytest

from dashboard.server.oidc.claims import groups_of, person_of
from dashboard.server.oidc.refusals import TooManyGroups
from dashboard.settings.oidc import Oidc

ID = "9c1f1b0e-3a55-4a3e-9a52-0d5b6a6f2b11"
CIS2 = {
    "selected_roleid": "555",
    "nhsid_nrbac_roles": [
        {
            "person_roleid": "555",
            "org_code": "R9A",
            "role_code": "S8000:G8000:R8001",
            "activity_codes": ["B0257", "B1611"],
        },
        {
            "person_roleid": "556",
            "org_code": "RTD",
            "role_code": "S8000:G8000:R8008",
            "activity_codes": ["B0001"],
        },
    ],
}
ROLES = "nhsid_nrbac_roles"
GIVES = [
    ({"groups": [ID, "x"]}, "groups", {ID, "x"}),
    ({"roles": ["Rtt.Write"]}, "roles", {"Rtt.Write"}),
    ({"groups": "one"}, "groups", {"one"}),
    ({"realm_access": {"roles": ["a", "b"]}, "roles": ["c"]}, "realm_access.roles", {"a", "b"}),
    ({"resource_access": {"rtt": {"roles": ["a"]}}}, "resource_access.rtt.roles", {"a"}),
    ({"https://trust.nhs.uk/groups": ["a"]}, "https://trust.nhs.uk/groups", {"a"}),
    (CIS2, f"{ROLES}.role_code", {"S8000:G8000:R8001", "S8000:G8000:R8008"}),
    (CIS2, f"{ROLES}[org_code=R9A].activity_codes", {"B0257", "B1611"}),
    (CIS2, f"{ROLES}[person_roleid=@selected_roleid].role_code", {"S8000:G8000:R8001"}),
    (CIS2, f"{ROLES}[person_roleid=@selected_roleid][org_code=RTD].role_code", set()),
    (CIS2, f"{ROLES}[org_code=@nothing].role_code", set()),
    ({"realm_access": ["roles"]}, "realm_access.roles", set()),
    ({"realm_access": "roles"}, "realm_access.roles", set()),
    ({"groups": {"writers": True}}, "groups", set()),
    ({"groups": [["writers"], 7, None, {"a": "b"}, ""]}, "groups", set()),
    ({"groups": None}, "groups", set()),
    ({}, "groups", set()),
    ({}, "a.b[c=d].e", set()),
]


@pytest.mark.parametrize(("claims", "path", "groups"), GIVES)
def test_a_path_gives_the_groups_that_it_says_and_no_other(claims, path, groups):
    assert groups_of(claims, [path]) == groups


def test_several_paths_give_what_each_gives():
    assert groups_of({"groups": ["a"], "roles": ["b"]}, ["groups", "roles"]) == {"a", "b"}


@pytest.mark.parametrize(
    "claims",
    [
        {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://graph"}}},
        {"hasgroups": True},
    ],
)
def test_groups_that_entra_left_out_because_there_are_too_many_are_not_taken_for_none(claims):
    with pytest.raises(TooManyGroups):
        groups_of(claims, ["groups"])


def made(**more):
    return Oidc(issuer="https://idp.example", client_id="x", secret="s", **more)


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "Jo Smith"}, "Jo Smith"),
        ({"name": " ", "preferred_username": "jo"}, "jo"),
        ({"name": "Jo\n\u202eSmith"}, "Jo Smith"),
        ({"name": 7}, "A reader"),
    ],
)
def test_a_name_is_one_line_that_can_be_read(claims, name):
    assert person_of({"iss": "i", "sub": "s", **claims}, made()).name == name


@pytest.mark.parametrize(
    ("claims", "address"),
    [
        ({"email": "jo@trust.nhs.uk", "email_verified": True}, "jo@trust.nhs.uk"),
        ({"email": "jo@trust.nhs.uk"}, ""),
        ({"email": "jo@trust.nhs.uk", "email_verified": "true"}, ""),
        ({"email": "jo@trust.nhs.uk\nBcc: x@y", "email_verified": True}, ""),
    ],
)
def test_an_address_is_a_persons_only_if_the_provider_verified_it(claims, address):
    assert person_of({"iss": "i", "sub": "s", **claims}, made()).address == address


def test_a_subject_is_of_its_issuer():
    one, two = (person_of({"iss": issuer, "sub": "s"}, made()).subject for issuer in ("a", "b"))
    assert one != two

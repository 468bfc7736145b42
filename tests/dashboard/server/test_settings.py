"""Settings: what an unusable value is answered with, and that no secret is ever shown."""

import re

import pytest

from dashboard.settings import SettingError
from dashboard.settings.settings import Mail, Proxy, Settings, from_environment

SECRET = "hush-hush-hush-hush"
BASE = {
    "RTT_ACCESS": "proxy",
    "RTT_PROXY_ADDRESSES": "10.0.0.5",
    "RTT_PROXY_SECRET": "the secret of a proxy",
    "RTT_SMTP_HOST": "mail.example",
    "RTT_MAIL_FROM": "rtt@trust.example",
    "RTT_MAIL_TO": "board@trust.example",
}
SECRETS = sorted(
    field.validation_alias
    for model in (Settings, Proxy, Mail)
    for field in model.model_fields.values()
    if not field.repr
)


def refusal(**given):
    with pytest.raises(SettingError) as fault:
        from_environment(BASE | given)
    return fault.value


def test_the_secrets_are_these():
    assert SECRETS == ["RTT_DATABASE_URL", "RTT_PROXY_SECRET", "RTT_SMTP_PASSWORD", "RTT_TOKEN_KEY"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RTT_UPLOAD_MB", "many"),
        ("RTT_PROXY_ADDRESSES", "proxy.example"),
        ("RTT_SMTP_PORT", "0"),
        ("RTT_MAIL_FROM", ""),
        ("RTT_ACCESS_FILE", "/there/is/none.toml"),
    ],
)
def test_no_message_shows_a_secret(secret, name, value):
    fault = refusal(**{secret: SECRET, name: value})
    assert name in str(fault)
    assert fault.__context__ is None or SECRET not in str(fault.__context__)
    assert SECRET not in repr(fault)


@pytest.mark.parametrize("secret", SECRETS)
def test_no_repr_shows_a_secret(secret):
    found = from_environment(BASE | {secret: SECRET})
    assert SECRET not in repr(found)
    assert SECRET not in f"{found} {found.proxy!r} {found.mail!r}"


def test_a_proxy_secret_that_is_too_short_is_not_quoted():
    assert str(refusal(RTT_PROXY_SECRET="hush")) == (
        "RTT_ACCESS is proxy; set RTT_PROXY_SECRET to 16 characters or more"
    )


ADDRESSES = "the proxy's addresses or networks, such as 10.1.0.0/24"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("RTT_ACCESS", "all", "one of none, single-user, proxy, oidc"),
        ("RTT_PATH_PREFIX", "/a/../b", "a path such as /rtt or /waits/rtt"),
        ("RTT_UPLOAD_MB", "1_000", "a whole number from 1 to 10000"),
        ("RTT_UPLOAD_MB", " 1", "a whole number from 1 to 10000"),
        ("RTT_SPC_SHIFT", "9", "a whole number from 6 to 8"),
        ("RTT_SPC_TWO_SIGMA", "about", "one of beyond, between"),
        ("SOURCE_DATE_EPOCH", "1", "seconds since 1970, from 1980 to 2099"),
        ("RTT_PROXY_ADDRESSES", "host", ADDRESSES),
        ("RTT_MAIL_FROM", "nobody", "an email address"),
        ("RTT_SMTP_SECURITY", "ssl", "starttls, tls or none"),
    ],
)
def test_an_unusable_value_is_named_with_what_was_expected(name, value, expected):
    assert str(refusal(**{name: value})) == f"{name} is {value!r}; expected {expected}"


def test_of_several_values_the_wrong_one_is_named():
    fault = refusal(RTT_PACK_TEMPLATES="/no.pptx,/other.docx")
    assert str(fault) == "RTT_PACK_TEMPLATES names 'no.pptx'; expected a .pptx or .docx file that is there"
    fault = refusal(RTT_PROXY_ADDRESSES="10.0.0.5, host")
    assert str(fault) == f"RTT_PROXY_ADDRESSES is 'host'; expected {ADDRESSES}"


def test_a_missing_variable_is_named_with_what_needs_it():
    assert str(refusal(RTT_PROXY_ADDRESSES="")) == (
        f"RTT_ACCESS is proxy; set RTT_PROXY_ADDRESSES to {ADDRESSES}"
    )
    assert str(refusal(RTT_MAIL_FROM="")) == ("RTT_SMTP_HOST is set; set RTT_MAIL_FROM to an email address")


def test_the_mail_server_may_be_for_alerts_alone():
    """Fault: a server without recipients of the weekly email was refused; `rtt mail` says what it lacks."""
    found = from_environment(BASE | {"RTT_MAIL_TO": ""})
    assert found.mail.recipients == ()


def test_addresses_of_the_access_file_are_printed_nowhere(tmp_path):
    file = tmp_path / "access.toml"
    file.write_text('[addresses]\n"ann" = "ann@trust.example"\n')
    found = from_environment(BASE | {"RTT_ACCESS_FILE": str(file)})
    assert found.proxy.addresses_of.of("ann") == "ann@trust.example"
    assert found.proxy.addresses_of.of("bob") == ""
    assert "ann" not in repr(found)
    file.write_text('[addresses]\n"ann" = "ann at trust.example"\n')
    assert str(refusal(RTT_ACCESS_FILE=str(file))) == (
        "RTT_ACCESS_FILE: access.toml: [addresses]: expected an email address for 'ann'"
    )


def test_an_empty_variable_is_one_that_is_not_set():
    assert from_environment({"RTT_UPLOAD_MB": "", "RTT_ACCESS": "", "RTT_HOSTS": " , "}).upload_mb == 250


@pytest.mark.parametrize(("security", "port"), [("", 587), ("starttls", 587), ("tls", 465), ("none", 587)])
def test_the_mail_port_follows_the_security(security, port):
    assert from_environment(BASE | {"RTT_SMTP_SECURITY": security}).mail.port == port
    assert from_environment(BASE | {"RTT_SMTP_SECURITY": security, "RTT_SMTP_PORT": "25"}).mail.port == 25


OIDC = {
    "RTT_ACCESS": "oidc",
    "RTT_LINK": "https://rtt.trust.nhs.uk",
    "RTT_OIDC_ISSUER": "https://login.example/realm",
    "RTT_OIDC_CLIENT_ID": "rtt",
    "RTT_OIDC_CLIENT_SECRET": "the secret",
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"RTT_LINK": ""}, "set RTT_LINK"),
        ({"RTT_LINK": "http://rtt.trust.nhs.uk"}, "set RTT_LINK"),
        ({"RTT_OIDC_ISSUER": ""}, "set RTT_OIDC_ISSUER"),
        ({"RTT_OIDC_ISSUER": "http://login.example"}, "expected the https address"),
        ({"RTT_OIDC_CLIENT_SECRET": ""}, "set one of RTT_OIDC_CLIENT_SECRET"),
        ({"RTT_OIDC_CLIENT_SECRET_FILE": "a secret, set here"}, "set RTT_OIDC_CLIENT_SECRET_FILE to a file"),
        ({"RTT_OIDC_SCOPES": "profile"}, "no openid"),
        ({"RTT_OIDC_GROUPS_CLAIM": "roles[x"}, "RTT_OIDC_GROUPS_CLAIM is 'roles[x'"),
        ({"RTT_SESSION_MINUTES": "0"}, "from 5 to 1440"),
    ],
)
def test_a_sign_in_that_cannot_work_stops_the_start(changed, said):
    with pytest.raises(SettingError, match=re.escape(said)) as refused:
        from_environment(OIDC | changed)
    assert "secret, set here" not in str(refused.value)
    assert from_environment(OIDC).oidc.proof == "the secret"


def test_a_secret_that_others_can_read_stops_the_start(tmp_path):
    file = tmp_path / "secret"
    file.write_text("the secret\n")
    given = OIDC | {"RTT_OIDC_CLIENT_SECRET": "", "RTT_OIDC_CLIENT_SECRET_FILE": str(file)}
    file.chmod(0o640)
    with pytest.raises(SettingError, match="only its owner"):
        from_environment(given)
    file.chmod(0o600)
    assert from_environment(given).oidc.proof == "the secret"

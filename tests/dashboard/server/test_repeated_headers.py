"""What a proxy says of its user counts only if it is said once: a real gunicorn, over a bare socket."""

import socket
from urllib.parse import urlsplit

import pytest

from tests import servers

SECRET = "correct horse battery staple"
PROXY = {
    "RTT_ACCESS": "proxy",
    "RTT_PROXY_ADDRESSES": "127.0.0.1",
    "RTT_PROXY_SECRET": SECRET,
    "RTT_HOSTS": "127.0.0.1",
    "RTT_AUDITORS": "ig",
}
SIGNED_IN = (("X-Proxy-Secret", SECRET), ("X-Remote-User", "jo"), ("X-Remote-Groups", "staff,surgery"))


@pytest.fixture(scope="module")
def address(serve_for_all):
    return serve_for_all(**PROXY)


def test_a_user_with_several_groups_is_let_in(address):
    assert asked(address, *SIGNED_IN) == 200


@pytest.mark.parametrize(
    "again",
    [
        ("X-Remote-Groups", "ig"),
        ("x-remote-groups", "ig"),
        ("X-Remote-Groups", ""),
        ("X-Remote-Groups", "staff,surgery"),
        ("X-Remote-User", "eve"),
        ("X-Remote-User", "jo"),
        ("X-Proxy-Secret", SECRET),
    ],
)
def test_a_header_of_the_sign_in_that_comes_twice_is_refused(address, again):
    """Fault 21: a doubled X-Remote-Groups was merged, where a doubled X-Remote-User was refused."""
    assert asked(address, *SIGNED_IN, again) in (401, 403)
    assert asked(address, again, *SIGNED_IN) in (401, 403)


def test_a_browser_cannot_say_itself_what_came_twice(address):
    assert asked(address, *SIGNED_IN, ("X-Remote-Groups", "ig"), ("X-RTT-Repeated", "none")) == 401
    assert asked(address, *SIGNED_IN, ("X-RTT-Repeated", "X-REMOTE-GROUPS")) == 200


def test_other_headers_may_come_twice(address):
    assert asked(address, *SIGNED_IN, ("Accept", "text/html"), ("Accept", "application/json")) == 200


def asked(address: str, *headers: tuple[str, str]) -> int:
    """The status of GET /version with these headers, each sent as it stands."""
    at = urlsplit(address)
    lines = [
        f"{name}: {value}\r\n" for name, value in (("Host", at.netloc), *headers, ("Connection", "close"))
    ]
    with socket.create_connection((at.hostname, at.port), timeout=servers.PATIENCE / 1000) as connection:
        connection.sendall(f"GET /version HTTP/1.1\r\n{''.join(lines)}\r\n".encode())
        with connection.makefile("rb") as answer:
            return int(answer.readline().split()[1])

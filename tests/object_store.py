"""A server that speaks S3 (moto's) for the tests: on the loopback interface, behind TLS, always ended."""

import contextlib
import os
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import trustme

from tests import lake_programs, servers

KEY, SECRET = "PLANTEDKEY0123456789", "planted/secret+of+the+lake"
LISTED_AT_ONCE = 50  # files; other servers list a thousand


class ObjectStore:
    """`environment` is what a program needs to reach it."""

    def __init__(self, address: str, authority: Path) -> None:
        self._address = address
        self._context = ssl.create_default_context(cafile=authority)
        self.environment = {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": address,
            "SSL_CERT_FILE": str(authority),
        }

    def make_bucket(self, name: str) -> None:
        self._asked(urllib.request.Request(f"{self._address}/{name}", method="PUT", data=b""))

    def answers(self) -> bool:
        try:
            self._asked(urllib.request.Request(f"{self._address}/moto-api/"))
        except OSError:
            return False
        return True

    def _asked(self, request: urllib.request.Request) -> None:
        urllib.request.urlopen(request, context=self._context, timeout=10).close()


@contextlib.contextmanager
def object_store(folder: Path, *, anonymous: int | None = None) -> Iterator[ObjectStore]:
    """An empty store. It takes every key; or, after so many `anonymous` requests, none but those it made."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    ours = authority.issue_cert("127.0.0.1")
    key, chain, roots = (folder / name for name in ("key.pem", "chain.pem", "roots.pem"))
    ours.private_key_pem.write_to_path(key)
    ours.cert_chain_pems[0].write_to_path(chain)
    authority.cert_pem.write_to_path(roots)
    port = servers.free_port()
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    environment = os.environ | {
        "PYTHONPATH": str(lake_programs.beside()),
        "MOTO_S3_DEFAULT_MAX_KEYS": str(LISTED_AT_ONCE),
    }
    if anonymous is not None:
        environment["INITIAL_NO_AUTH_ACTION_COUNT"] = str(anonymous)
    log = folder / "log"
    with servers.running(
        [*command, "--ssl-cert", chain, "--ssl-key", key], log=log, env=environment
    ) as server:
        store = ObjectStore(f"https://127.0.0.1:{port}", roots)
        servers.wait_until(store.answers, server, log=log)
        yield store

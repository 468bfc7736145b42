"""A dashboard with sign-in by OpenID Connect: its secret, its provider, and the settings that name both."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tests import servers


def keep_secret(home: Path) -> None:
    """The secret of `settings`, readable by its owner alone."""
    secret = home / "secret"
    secret.write_text("a secret\n")
    secret.chmod(0o600)


def provider(people: Mapping[str, Mapping[str, Any]], log: Path) -> AbstractContextManager[str]:
    """The address of a provider that knows these people: claims by subject."""
    return servers.sign_in_service(
        *(json.dumps({"sub": sub, **claims}) for sub, claims in people.items()), log=log
    )


def settings(home: Path, issuer: str, port: int) -> dict[str, str]:
    """Of a server at this port, with its access file; roles are for a test to add."""
    return {
        "RTT_HOME": str(home),
        "RTT_ACCESS": "oidc",
        "RTT_LINK": f"http://127.0.0.1:{port}",
        "RTT_OIDC_ISSUER": issuer,
        "RTT_OIDC_CLIENT_ID": "rtt",
        "RTT_OIDC_CLIENT_SECRET_FILE": str(home / "secret"),
        "RTT_ACCESS_FILE": str(home / "access.toml"),
        "RTT_WRITERS": "writers",
        "RTT_AUDITORS": "ig",
    }

#!/bin/sh
# joserfc 1.8.0: one key on a curve that it does not know costs every key of the set, with a bare KeyError.
#
# RFC 7517, section 5, asks that keys of a set with values out of the supported range be ignored, so that a sign-in
# service may publish a newer key beside those in use. A key of an unknown type ("kty") is left out as it asks.
# A key of a known type on an unknown curve ends the reading of the whole set, in a KeyError that names the
# curve and is none of the library's own errors. A client has to read the keys one by one.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check joserfc==1.8.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from base64 import urlsafe_b64encode
from importlib.metadata import version

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey, KeySet

good = ECKey.generate_key("P-256", {"kid": "now"}).as_dict(private=False)
other_type = {"kty": "NEW", "kid": "later"}
point = ec.generate_private_key(ec.SECP224R1()).public_key().public_numbers()
x, y = (urlsafe_b64encode(each.to_bytes(28)).decode().rstrip("=") for each in (point.x, point.y))
other_curve = {"kty": "EC", "crv": "P-224", "kid": "later", "x": x, "y": y}


def read(*keys):
    try:
        return f"{len(KeySet.import_key_set({'keys': list(keys)}).keys)} key"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


found = read(good), read(good, other_type), read(good, other_curve)
print(f"joserfc {version('joserfc')}: alone {found[0]}, beside another type {found[1]}, beside P-224 {found[2]}")
sys.exit(found != ("1 key", "1 key", "KeyError: 'P-224'"))
PYTHON

"""NHS England's monthly full extract."""

from ingest.extracts import Format
from ingest.extracts.monthly import format as month

FORMAT = Format(
    name="national",
    title="NHS England's monthly full extract",
    accepted="csv or its zip",
    recognises=month.recognises,
    read=month.read,
    changed=month.changed,
    foreseen=month.foreseen,
)

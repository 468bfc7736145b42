"""A trust's patient tracking list."""

from ingest.extracts import Format
from ingest.extracts.ptl import format as ptl

FORMAT = Format(
    name="tracking list",
    title="a trust's weekly patient tracking list",
    accepted="with the headings of the Waiting List Minimum Data Set, or with your own by a mapping: "
    "rtt load --mapping FILE.toml",
    recognises=ptl.recognises,
    read=ptl.read,
    changed=ptl.changed,
    mapped=ptl.is_mapped,
    spared=ptl.spared,
    read_rows=ptl.read_rows,
)

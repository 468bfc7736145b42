"""Lists of three trusts, two of them of one ICB, and who may see which of them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dashboard.application import create_app
from dashboard.server.access import Reader
from dashboard.settings.areas import Area
from dashboard.settings.organisations import Organisations
from dashboard.settings.settings import Proxy, Settings
from dashboard.store import writing
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from tests import makers
from tests.dashboard import tracked
from tests.tracking_lists import CENSUS, KEY, as_csv

OWN, OTHER, FAR = "R9A", "R9B", "R9C"
TRUSTS = (OWN, OTHER, FAR)
BEFORE = date(2026, 9, 27)
"""The last Sunday of the month that is loaded: its list is held against the return."""
ICB, FAR_ICB = "QE1", "QKS"
MONTH = date(2026, 9, 30)
TODAY = CENSUS + timedelta(1)
NOON = datetime(2026, 11, 15, 12, tzinfo=UTC)
ENT = "C_120"

PROXY = Proxy(
    addresses=("127.0.0.1",),
    secret=tracked.SECRET,
    writers=frozenset({"writers"}),
    pathway_readers=frozenset({"booking", "all-booking"}),
    auditors=frozenset({"ig"}),
    leads={"ent-leads": Area(frozenset({ENT}), None)},
    organisations=Organisations(
        {"all-booking": None, "at-r9a": frozenset({OWN}), "at-the-icb": frozenset({ICB})},
        {"Pat": frozenset({FAR})},
    ),
)
GROUPS = {
    "plain reader": "",
    "writer": "writers",
    "auditor": "ig",
    "reader of all": "all-booking",
    "reader of R9A": "booking,at-r9a",
    "reader of the ICB": "booking,at-the-icb",
    "ENT lead of R9A": "ent-leads,at-r9a",
    "trust lead of R9A": "booking,at-r9a,writers",
    "reader of nowhere": "booking",
    "ICB reader": "at-the-icb",
    "Pat": "booking",
}


def load(engine, folder: Path, *, sizes=(160, 160, 160), censuses=(CENSUS,)) -> None:
    """A month that says which ICB a trust lies under, lists of each trust, and two saved groups of them."""
    load_month(engine, folder)
    for seed, (trust, size) in enumerate(zip(TRUSTS, sizes, strict=True), start=1):
        for census in censuses:
            rows = [
                {**row, "provider": trust, "issuer": trust, "site": row["site"].replace(OWN, trust)}
                for row in tracked.rows(count=size, seed=seed, census=census)
            ]
            load_list(engine, folder / f"open-{trust}-{census:%Y%m%d}.csv", rows)
    save_group(engine, "Both", (OWN, OTHER))
    save_group(engine, "Three", TRUSTS)


def load_list(engine, path: Path, rows) -> None:
    path.write_bytes(as_csv(rows, headings={"deprivation": "IMD decile"}))
    mapping = path.parent / "mapping.toml"
    mapping.write_text('[columns]\ndeprivation = "IMD decile"\n')
    (result,) = load_path(engine, path, options=LoadOptions(token_key=KEY, mapping=mapping))
    assert result.state == "loaded", result.problems


def load_month(engine, folder: Path, month: date = MONTH, trusts=TRUSTS) -> None:
    facts = {(trust, "01A", "2", "C_120"): {0: 40, 20: 20} for trust in trusts}
    lines = makers.as_csv(makers.table(facts, census=month)).splitlines()
    far = [
        line.replace(f"QE1,{makers.NAMES['QE1']},{FAR},", f"{FAR_ICB},{makers.NAMES[FAR_ICB]},{FAR},")
        for line in lines
    ]
    path = folder / makers.file_name(month)
    path.write_text("\r\n".join(far) + "\r\n")
    (result,) = load_path(engine, path)
    assert result.state == "loaded", result.problems


def save_group(engine, name: str, members) -> None:
    who = Reader("a test", may_write=True)
    writing.save_group(engine, who, kind="trusts", name=name, members=members, at=NOON)


def served(engine, folder: Path, proxy: Proxy = PROXY):
    settings = Settings(home=folder, access="proxy", proxy=proxy, hosts=frozenset({"localhost"}))
    return create_app(engine, settings, today=lambda: TODAY).server.test_client()


def as_role(role: str) -> dict[str, str]:
    return {"X-Proxy-Secret": tracked.SECRET, "X-Remote-User": role, "X-Remote-Groups": GROUPS[role]}

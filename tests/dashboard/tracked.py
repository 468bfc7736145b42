"""A tracking list of some hundred pathways in a database, and the application that shows it to a role."""

import random
from datetime import date, timedelta
from pathlib import Path

from dashboard.application import create_app
from dashboard.settings.areas import Area
from dashboard.settings.settings import Proxy, Settings
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from tests.dashboard.served_pages import OUTPUTS
from tests.tracking_lists import CENSUS, KEY, as_csv, pathway

SECRET = "correct horse battery staple"
OURS = {"Origin": "http://localhost"}
ENT, SURGERY = "C_120", "C_100"

PROXY = Proxy(
    addresses=("127.0.0.1",),
    secret=SECRET,
    writers=frozenset({"writers"}),
    pathway_readers=frozenset({"booking"}),
    auditors=frozenset({"ig"}),
    leads={"ent-leads": Area(frozenset({ENT}), None), "site-leads": Area(None, frozenset({"R9A02"}))},
)
ROLES = {"viewer": "", "writer": "writers", "lead": "ent-leads", "auditor": "ig", "booking": "booking"}


def rows(count: int = 160, seed: int = 1, census: date = CENSUS) -> list[dict[str, str]]:
    """Pathways of every kind: decided or not, booked or not, known priority and start or not."""

    def _day(days: int) -> str:
        return (census + timedelta(days)).isoformat()

    chance = random.Random(seed)
    made = []
    for _ in range(count):
        decided = chance.random() < 0.4
        waited = chance.choice([chance.randrange(600), chance.randrange(90, 135)])
        said = {
            "week_ending": census.isoformat(),
            "treatment_function": chance.choice(["120", "120", "100", "130"]),
            "site": chance.choice(["R9A01", "R9A02"]),
            "commissioner": "7A3" if chance.random() < 0.1 else "00X",
            "list_type": "IRTT" if decided else "ORTT",
            "clock_start": "" if chance.random() < 0.05 else _day(-waited),
            "priority": chance.choice(["1", "1", "2", "3", ""]),
            "procedure_priority": chance.choice(["P2", "P3", "P4", "P4", "P6", ""]) if decided else "",
            "decision_to_admit": _day(-waited // 2) if decided else "",
            "tci_date": _day(chance.randrange(-20, 60)) if decided and chance.random() < 0.5 else "",
            "next_appointment": _day(chance.randrange(1, 60)) if chance.random() < 0.3 else "",
            "deprivation": chance.choice(["1", "2", "10", ""]),
        }
        made.append(pathway(**said))
    return made


def load(engine, folder: Path, census: date = CENSUS) -> None:
    path = folder / f"open-{census:%Y%m%d}.csv"
    made = rows(census=census)
    path.write_bytes(as_csv(made, headings={"deprivation": "IMD decile"}))
    mapping = folder / "mapping.toml"
    mapping.write_text('[columns]\ndeprivation = "IMD decile"\n')
    (result,) = load_path(engine, path, options=LoadOptions(token_key=KEY, mapping=mapping))
    assert result.state == "loaded", result.problems


def served(engine, folder: Path, access: str = "single-user", today: date = CENSUS + timedelta(1)):
    """A client of the application. Under "proxy" each request says its role by `as_role`."""
    more = {"proxy": PROXY, "hosts": frozenset({"localhost"})} if access == "proxy" else {}
    settings = Settings(home=folder, access=access, **more)
    return create_app(engine, settings, today=lambda: today).server.test_client()


def as_role(role: str) -> dict[str, str]:
    """The headers with which the proxy presents somebody of this role."""
    return {"X-Proxy-Secret": SECRET, "X-Remote-User": role, "X-Remote-Groups": ROLES[role]}


def draw(client, path: str, query: str = "", headers: dict[str, str] | None = None):
    """The answer of the one callback that draws."""
    body = {
        "output": f"..{'...'.join('.'.join(output) for output in OUTPUTS)}..",
        "outputs": [{"id": name, "property": item} for name, item in OUTPUTS],
        "inputs": [
            {"id": "address", "property": "pathname", "value": path},
            {"id": "address", "property": "search", "value": query},
            {"id": "data-version", "property": "data", "value": None},
        ],
        "changedPropIds": ["address.pathname"],
    }
    return client.post("/_dash-update-component", json=body, headers=headers)

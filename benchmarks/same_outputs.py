"""Whether two checkouts give out the same bytes: figures, pages, charts, tables, files of a chart, packs.

    python -m benchmarks.same_outputs draw DATABASE FOLDER [--today 2026-03-04]
    python -m benchmarks.same_outputs compare FOLDER FOLDER

`draw` works on a copy of a SQLite database. It reaches the product by its command and its addresses alone, so
that this file can be run in an older checkout. `compare` names every file that differs, with the first
difference, and ends with 1 if there is one.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import importlib
import io
import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl, urlencode

PAGES = (
    *("/", "/trends", "/list", "/breaches", "/ptl", "/book-next", "/specialties"),
    *("/quality", "/pack", "/status", "/audit", "/about"),
)
ACCESS = ("single-user", "none")
CODES = {"sample": ("Y99", "QZ9", "R9A", "R9C"), "real": ("Y56", "QMJ", "RTD", "RRE")}
SCOPES = {  # {0} to {3} stand for the codes above
    "plain": "",
    "england": "source=monthly&level=england&compare=year",
    "england-nhs": "source=monthly&level=england&kind=nhs&peers=providers&limits=95&view=level&rows=trusts",
    "region": "source=monthly&level=region&org={0}&measure=over_52&audience=internal",
    "icb": "source=monthly&level=icb&org={1}&peers=providers&measure=median_weeks&rows=organisations",
    "trust": "source=monthly&level=provider&org={2}&compare=previous&view=change&points=24&nonc=with",
    "other": "source=monthly&level=provider&org={3}&compare=quarter&peers=specialties&limits=99.8",
    "specialty": "source=monthly&level=provider&org={2}&tf=C_110&measure=total&points=12&view=limits",
    "admitted": "source=monthly&level=provider&org={2}&tf=C_110,C_120&pathway=admitted",
    "decided": "source=monthly&level=provider&org={2}&pathway=dta",
    "earlier": "source=monthly&level=provider&org={2}&census=2025-02&threshold=52",
    "not-known": "source=monthly&level=provider&org=XYZ&tf=999999&census=1999-01&colour=red",
    "weekly": "source=weekly&level=provider&org={2}&measure=passing_18_in_4_weeks&audience=internal&slots=20",
    "weekly-non-admitted": "source=weekly&org={2}&tf=C_120&pathway=non-admitted&horizon=8"
    "&sort=pathways.waited.asc",
    "weekly-site": "source=weekly&org={2}&site={2}01&priority=2&threshold=52&booking=none&slots=5",
    "weekly-dta": "source=weekly&org={2}&pathway=dta&tf=C_110&band=20&horizon=month&booking=too-late",
}
OF_READERS = ("plain", "region", "other", "specialty", "weekly", "weekly-non-admitted", "weekly-site")
OFFICE = ("pptx", "docx", "xlsx")
PACKS, CARD_FILES = ("england", "other", "weekly"), ("icb", "weekly")
LEVELS = ("england", "region", "icb", "provider", "commissioner")
# Words that run on in a sentence; every other component begins a line, and a cell stays in its row.
INLINE = {"A", "Abbr", "B", "Code", "Em", "Small", "Span", "Strong", "Sub", "Sup", "Td", "Th"}
LOOKS = {"children", "figure", "className", "style", "id"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, places in (("draw", ("database", "folder")), ("compare", ("folder", "other"))):
        command = commands.add_parser(name)
        for place in places:
            command.add_argument(place, type=Path)
    for each in (commands.choices["draw"], commands.add_parser("part")):
        each.add_argument("--today", type=date.fromisoformat, default=date(2026, 3, 4))
    commands.choices["part"].add_argument("what", choices=("rtt", *ACCESS))
    commands.choices["part"].add_argument("folder", type=Path)
    asked = parser.parse_args()
    if asked.command == "compare":
        return compare(asked.folder, asked.other)
    if asked.command == "draw":
        return draw(asked.database, asked.folder, asked.today)
    pin(asked.today)
    (draw_commands if asked.what == "rtt" else draw_served)(asked.folder)
    return 0


def draw(database: Path, folder: Path, today: date) -> int:
    """Draw each part in a process of its own, on a fresh copy: a page that is audited writes."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        print(f"{folder} is not empty", file=sys.stderr)
        return 2
    for what in ("rtt", *ACCESS):
        with tempfile.TemporaryDirectory() as home:
            copy = Path(home) / "rtt.db"
            with contextlib.closing(sqlite3.connect(database)) as of, sqlite3.connect(copy) as to:
                of.backup(to)
            own = {name: value for name, value in os.environ.items() if not name.startswith("RTT_")}
            own |= {"RTT_HOME": home, "RTT_DATABASE_URL": f"sqlite:///{copy}"}
            own |= {"RTT_ACCESS": what if what in ACCESS else "none"}
            own |= {"RTT_SMTP_HOST": "localhost", "RTT_MAIL_FROM": "rtt@example.org"}
            own |= {"RTT_MAIL_TO": "board@example.org", "RTT_SMTP_SECURITY": "none"}
            own |= {"RTT_LINK": "https://rtt.example.org", "PYTHONPATH": os.getcwd()}
            own |= {"PYTHONWARNINGS": "ignore"}  # they name the checkout's folder
            command = [sys.executable, __file__, "part", what, str(folder.resolve()), "--today", str(today)]
            if subprocess.run(command, env=own, check=False).returncode:
                return 2
    print(f"{sum(path.is_file() for path in folder.rglob('*'))} files drawn into {folder}")
    return 0


def pin(today: date) -> None:
    """Make it half past nine of this day for the rest of the process, whoever asks.

    Python's own types are changed: a subclass in their place would not be what compiled code makes.
    """
    moment = datetime(today.year, today.month, today.day, 9, 30, tzinfo=UTC)

    def now(_cls: type, tz: Any = None) -> datetime:
        return moment.astimezone(tz) if tz else moment.replace(tzinfo=None)

    for kind, name, said in ((datetime, "now", now), (date, "today", lambda _cls: today)):
        gc.get_referents(kind.__dict__)[0][name] = classmethod(said)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def draw_commands(folder: Path) -> None:
    """What `rtt` prints: unrounded figures of every level and source, status, weekly email."""
    for source, level in itertools.product(("monthly", "weekly"), LEVELS):
        for more in ((), ("--include-nonc",), ("--small-numbers",)) if source == "weekly" else ((),):
            name = f"rtt/figures-{source}-{level}{''.join(more)}.csv"
            asked = ("figures", "--format", "csv", "--source", source, "--level", level, *more)
            write(folder, name, rtt(*asked))
    write(
        folder,
        "rtt/figures-nonc.csv",
        rtt("figures", "--format", "csv", "--source", "monthly", "--include-nonc"),
    )
    write(folder, "rtt/figures.json", rtt("figures", "--format", "json"))
    write(folder, "rtt/figures.txt", rtt("figures", "--part", "2", "--treatment-function", "C_999"))
    write(folder, "rtt/status.txt", rtt("status"))
    write(folder, "rtt/reconcile.txt", rtt("reconcile"))
    with mock.patch("smtplib.SMTP") as server:
        send = server.return_value.__enter__.return_value.send_message
        send.return_value = {}  # the recipients that were refused
        write(folder, "rtt/mail.txt", rtt("mail"))
    for number, each in enumerate(part for call in send.call_args_list for part in call.args[0].walk()):
        text = "" if each.is_multipart() else each.get_content()
        write(folder, f"rtt/mail-{number}.txt", f"{each['Subject']}\n{each.get_content_type()}\n{text}")


def rtt(*arguments: str) -> str:
    """What the command prints, with its exit code in the last line."""
    (command,) = entry_points(group="console_scripts", name="rtt")
    sys.argv, code = ["rtt", *arguments], 0
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        try:
            sys.exit(command.load()())
        except SystemExit as ended:
            code = int(ended.code or 0)
    return re.sub(r"\d+\.\d+ s\b", "x s", out.getvalue()) + f"exit {code}\n"


def draw_served(folder: Path) -> None:
    """What the server answers to a reader of RTT_ACCESS."""
    access = os.environ["RTT_ACCESS"]
    client = importlib.import_module("app").server.test_client()
    if access == "single-user":
        link = re.search(r"/\?\S+", rtt("link"))
        client.get(link.group() if link else "/")  # and keeps the cookie
    status = client.get("/status.json").get_json()
    write(folder, f"{access}/status.json", pretty(status))
    for name in ("plain", "all"):
        asked = "" if name == "plain" else "?level=provider&source=monthly&census=2025-02"
        write(folder, f"{access}/figures-{name}.csv", client.get(f"/api/figures.csv{asked}").text)
    callback = next(
        each for each in client.get("/_dash-dependencies").get_json() if "page.children" in each["output"]
    )
    for name, scope in SCOPES.items():
        if access == "none" and name not in OF_READERS:
            continue
        query = scope.format(*CODES[status["kind"]])
        for page in PAGES:
            where = folder / access / name / (page.strip("/") or "overview")
            answer = drawn(client, callback, page, f"?{query}" if query else "")
            draw_page(where, answer)
            for card, has_chart in cards(answer).items():
                asked = urlencode([("page", page), ("card", card), *parse_qsl(query)])
                kinds = ("csv", *OFFICE, "html") if has_chart and name in CARD_FILES else ("csv",)
                for kind in kinds:
                    write_answer(f"{where}-{card}", kind, client.get(f"/card.{kind}?{asked}"))
        for kind in (*OFFICE, "html") if name in PACKS else ():
            pack = client.get(f"/pack.{kind}?{query}")
            write_answer(str(folder / access / name / "pack-file"), kind, pack)


def draw_page(where: Path, answer: dict[str, Any]) -> None:
    write(where.parent, f"{where.name}.txt", words(answer))
    write(where.parent, f"{where.name}.attributes", "\n".join(attributes(answer)))
    for number, figure in enumerate(figures(answer)):
        write(where.parent, f"{where.name}.{number}.figure.json", pretty(figure))


def drawn(client: Any, callback: dict[str, Any], path: str, search: str) -> dict[str, Any]:
    """What the callback that draws gives for an address: component by output, in the order of the page."""
    places = [part.rsplit(".", 1) for part in callback["output"].strip(".").split("...")]
    given = {"pathname": path, "search": search}
    body = {
        "output": callback["output"],
        "outputs": [{"id": id_, "property": name} for id_, name in places],
        "inputs": [{**each, "value": given.get(each["property"])} for each in callback["inputs"]],
        "changedPropIds": ["address.search"],
    }
    answer = client.post("/_dash-update-component", json=body, headers={"Origin": "http://localhost"})
    if answer.status_code != 200:
        raise SystemExit(f"{path}{search} is answered by {answer.status_code}: {answer.text[:300]}")
    response = answer.get_json()["response"]
    if "page" not in response:
        raise SystemExit(f"{path}{search} could not be drawn")
    return {id_: response.get(id_, {}).get(name) for id_, name in places}


def components(node: Any) -> Iterator[dict[str, Any]]:
    """Every component in what was drawn, in reading order."""
    if isinstance(node, dict) and "props" not in node:
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from components(each)
    elif isinstance(node, dict):
        yield node
        yield from components(node["props"].get("children"))


def words(node: Any) -> str:
    """The text that readers see, in order: a line for each component, | after a cell."""
    if isinstance(node, list):
        return "".join(map(words, node))
    if not isinstance(node, dict):
        return "" if node is None else str(node)
    if "props" not in node:
        return "".join(f"[{name}]\n{words(value)}\n" for name, value in node.items())
    inside = words(node["props"].get("children"))
    if node["type"] in ("Td", "Th"):
        return f"{inside} | "
    return inside if node["type"] in INLINE else f"\n{inside}\n".replace("\n\n", "\n")


def attributes(node: Any) -> Iterator[str]:
    """Everything else that components hold, but for their looks: addresses, labels, choices, values."""
    for each in components(node):
        said = {name: value for name, value in each["props"].items() if name not in LOOKS}
        if said:
            yield f"{each['type']} {json.dumps(said, sort_keys=True, ensure_ascii=False)}"


def figures(node: Any) -> list[Any]:
    return [each["props"]["figure"] for each in components(node) if "figure" in each["props"]]


def cards(node: Any) -> dict[str, bool]:
    """The cards of a page by name, and whether there is a chart in it."""
    found = (each for each in components(node) if each["props"].get("data-card"))
    return {each["props"]["data-card"]: bool(figures(each)) for each in found}


def pretty(said: Any) -> str:
    return json.dumps(said, sort_keys=True, indent=1, ensure_ascii=False)


def write_answer(stem: str, kind: str, answer: Any) -> None:
    """The file that was given, what is packed in it one by one; or what was answered in its place."""
    file = Path(f"{stem}.{kind}")
    if answer.status_code != 200 or kind not in OFFICE:
        write(file.parent, file.name, f"{answer.status_code}\n".encode() + answer.data)
        return
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        for member in packed.infolist():
            write(file, member.filename, packed.read(member))
        listed = [f"{member.filename} {member.date_time}" for member in packed.infolist()]
    write(file, "[listed]", "\n".join([answer.headers["Content-Disposition"], *listed]))


def write(folder: Path, name: str, said: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(said.encode() if isinstance(said, str) else said)


def compare(folder: Path, other: Path) -> int:
    """Print each difference and how many files are equal; 1 if there is a difference."""
    one, two = (
        {path.relative_to(where): path.read_bytes() for path in where.rglob("*") if path.is_file()}
        for where in (folder, other)
    )
    different = sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))
    for name in different:
        if name not in one or name not in two:
            print(f"{name}: only in {folder if name in one else other}")
        else:
            print(f"{name}{first_difference(one[name], two[name])}")
    print(f"{len(one.keys() | two.keys()) - len(different)} files are equal, {len(different)} differ")
    return 1 if different else 0


def first_difference(one: bytes, two: bytes) -> str:
    """The first line that differs, on both sides, from shortly before the place where it does."""
    lines = (each.decode(errors="replace").splitlines() for each in (one, two))
    for number, (left, right) in enumerate(itertools.zip_longest(*lines, fillvalue="(end)"), 1):
        if left != right:
            pairs = zip(left, right, strict=False)
            common = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
            at = max(0, common - 40)
            return f":{number}\n  - {left[at : at + 160]}\n  + {right[at : at + 160]}"
    return ": line ends differ"


if __name__ == "__main__":
    sys.exit(main())

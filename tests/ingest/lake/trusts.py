"""Made-up trusts that send weekly lists: with revisions, missing weeks and a key that changes."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from ingest.extracts import LoadOptions
from ingest.lake.adding import add_file
from ingest.lake.stores import Store
from tests.tracking_lists import as_csv, pathway, start, stop

FIRST = date(2026, 9, 6)
WEEK = timedelta(7)
TODAY = date(2026, 12, 1)
LATER_KEY = 3  # the week from which a trust that changes its key uses another
SPECIALTIES = ("100", "110", "120", "X02")


@dataclass(frozen=True)
class Sent:
    """A file that a trust sends, and the key that it makes tokens with."""

    provider: str
    census: date
    section: str
    revision: int
    path: Path
    key: bytes

    @property
    def options(self) -> LoadOptions:
        return LoadOptions(token_key=self.key, revision=self.revision, snapshots_kept=99)


@dataclass
class Person:
    """Somebody on a trust's lists."""

    number: int
    row: dict[str, str]
    since: int
    until: int


def sent(
    folder: Path, seed: int, *, trusts: int = 3, weeks: int = 5, people: int = 40, changed_key: bool = True
) -> list[Sent]:
    """Every file of all trusts, in the order in which they are sent."""
    folder.mkdir(exist_ok=True)
    chance, files = random.Random(seed), []
    for number in range(trusts):
        provider = f"R{number}{'ABCDEFGH'[number % 8]}"
        listed = [_person(chance, each, provider, weeks) for each in range(people)]
        missing = chance.randrange(1, weeks) if number else weeks
        for week in range(weeks):
            if week == missing:
                continue
            key = f"the key of {provider} {changed_key and number == 1 and week >= LATER_KEY}".encode()
            files += _week(folder, chance, listed, provider, week, key)
    chance.shuffle(files)
    return sorted(files, key=lambda each: each.revision)  # a revision comes after what it revises


def add_all(store: Store, files: list[Sent]) -> list[str]:
    """Add the files; what became of each."""
    return [add_file(store, each.path, each.options, lambda _: None).state for each in files]


def _person(chance: random.Random, number: int, provider: str, weeks: int) -> Person:
    since = chance.choice([0, 0, 0, *range(weeks)])
    waited = chance.choice([chance.randrange(1, 800), chance.randrange(110, 140)])
    clock = FIRST + since * WEEK - timedelta(waited)
    row = {
        "pathway_id": f"{provider}P{number:05d}",
        "provider": provider,
        "issuer": provider,
        "site": f"{provider}{chance.choice(['01', '02'])}",
        "treatment_function": chance.choice(SPECIALTIES),
        "clock_start": clock.isoformat(),
        "priority": chance.choice("123"),
        "commissioner": chance.choice(["00X", "00X", "7A4"]),
        "decision_to_admit": chance.choice(["", (clock + timedelta(1)).isoformat()]),
    }
    return Person(number, row, since, since + chance.randrange(1, weeks + 2))


def _week(
    folder: Path, chance: random.Random, listed: list[Person], provider: str, week: int, key: bytes
) -> list[Sent]:
    census = FIRST + week * WEEK
    here = [each for each in listed if each.since <= week < each.until]
    gone = [each for each in listed if each.until == week and chance.random() < 0.8]
    came = [each for each in listed if each.since == week]
    rows = [_row(chance, each, census) for each in here]
    stops = [
        stop(**each.row, clock_stop=str(census - timedelta(chance.randrange(7))),
             week_ending=str(census), rtt_status=chance.choice(["30", "34", "36"]))
        for each in gone
    ]  # fmt: skip
    starts = [
        start(provider=provider, treatment_function=each.row["treatment_function"],
              clock_start=str(census - timedelta(chance.randrange(6))), week_ending=str(census))
        for each in came
    ]  # fmt: skip
    revised = [rows[:-1] or rows] if rows and chance.random() < 0.3 else []
    versions = [("open", rows, 0)] + [("open", again, 1) for again in revised]
    versions += [("stops", stops, 0), ("starts", starts, 0)]
    made = []
    for section, of_section, revision in versions:
        if not of_section:
            continue
        path = folder / f"{section}-{provider}-{census:%Y%m%d}-{revision}.csv"
        path.write_bytes(as_csv(of_section))
        made.append(Sent(provider, census, section, revision, path, key))
    return made


def _row(chance: random.Random, person: Person, census: date) -> dict[str, str]:
    """The row of a week: dates and sites change now and then."""
    if chance.random() < 0.1:
        person.row["site"] = person.row["provider"] + chance.choice(["01", "02"])
    later = (census + timedelta(chance.randrange(1, 60))).isoformat()
    booked = {"tci_date": later} if person.row["decision_to_admit"] else {"next_appointment": later}
    return pathway(**person.row, week_ending=str(census), **(booked if chance.random() < 0.5 else {}))

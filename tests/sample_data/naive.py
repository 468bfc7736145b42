"""The files read again, row by row, by rules written out plainly: a second opinion on what was written."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

OPEN_STATUSES = {"10", "11", "12", "20", "99"}
RTT_LISTS = {"ORTT", "IRTT"}
ENGLISH = {"98A", "98B", "98C", "99Z"}
ROW_OF = {"108": "C_110", "144": "C_140", "172": "C_170", "173": "C_170", "710": "X03"} | {
    code: row
    for row, codes in {
        "X02": ("302", "303", "307", "361", "191"),
        "X04": ("257", "258", "214", "171"),
        "X05": ("103", "104", "107"),
        "X06": ("650", "654", "800"),
    }.items()
    for code in codes
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="ascii") as lines:
        return list(csv.DictReader(lines))


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def band(days: int) -> int:
    return 0 if days <= 7 else min((days - 1) // 7, 104)


def month(path: Path, provider: str) -> dict[str, Counter]:
    """Part -> counts by (commissioner, function, band or 'unknown' or 'count'), the C_999 rows left out."""
    parts: dict[str, Counter] = {}
    for row in rows(path):
        if row["Provider Org Code"] != provider or row["Treatment Function Code"] == "C_999":
            continue
        key = row["Commissioner Org Code"], row["Treatment Function Code"]
        counts = parts.setdefault(row["RTT Part Type"], Counter())
        for number, heading in enumerate(h for h in row if h.startswith("Gt ")):
            counts[*key, number] += int(row[heading] or 0)
        if row["RTT Part Type"].startswith("Part_1"):
            counts[*key, "unknown"] += int(row["Patients with unknown clock start date"] or 0)
        if row["RTT Part Type"] == "Part_3":
            counts[*key, "count"] += int(row["Total All"])
    return {part: +counts for part, counts in parts.items()}


def waiting(path: Path, census: date) -> list[dict[str, str]]:
    """The rows of an open list that are open RTT pathways, each pathway once."""
    kept: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows(path):
        start = day(row["REFERRAL_TO_TREATMENT_PERIOD_START_DATE"])
        unreadable = row["REFERRAL_TO_TREATMENT_PERIOD_START_DATE"] != "" and start is None
        if (
            unreadable
            or row["REFERRAL_TO_TREATMENT_PERIOD_STATUS"] not in OPEN_STATUSES
            or row["Waiting_List_Type"] not in RTT_LISTS
            or row["ADMISSION_METHOD_CODE_HOSPITAL_PROVIDER_SPELL"] == "13"
            or (start is not None and start > census)
        ):
            continue
        kept[row["PATIENT_PATHWAY_IDENTIFIER"], row["Referral_Identifier"]] = row
    return list(kept.values())


def key(row: dict[str, str]) -> tuple[str, str]:
    """Commissioner and row of the return, as the monthly return names them."""
    payer, code = row["ORGANISATION_IDENTIFIER_CODE_OF_COMMISSIONER"], row["ACTIVITY_TREATMENT_FUNCTION_CODE"]
    return payer if payer in ENGLISH else "NONC", ROW_OF.get(code, f"C_{code}")


def banded(chosen: list[dict[str, str]], census: date | None = None) -> Counter:
    """Counts by commissioner, function and band of the wait to the census, or to each row's own stop."""
    counts: Counter = Counter()
    for row in chosen:
        start = day(row["REFERRAL_TO_TREATMENT_PERIOD_START_DATE"])
        end = census or day(row["REFERRAL_TO_TREATMENT_PERIOD_END_DATE"])
        if start is None and census is None:
            counts[*key(row), "unknown"] += 1
        elif start is not None:
            counts[*key(row), band((end - start).days)] += 1
    return counts


def planted(path: Path) -> dict[str, dict]:
    return json.loads(path.read_text())["weeks"]

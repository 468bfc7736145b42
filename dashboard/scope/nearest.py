"""One rule for each filter: the nearest value that exists, and the sentence that says what was changed.

Each function takes the filters and what is held, and appends to `notices`. No SQL: `resolve` has asked
for everything by then.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.filters import LEVELS_OF_KIND, Filters
from dashboard.store.loaded_extracts import NON_ENGLISH, LoadedExtracts, Organisation
from dashboard.store.written import Group
from ingest.store.schema import ENGLAND
from rtt.terms.calendar import add_months
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.whole_month import PART_OF_ENGLAND
from rtt.terms.wording import date_text, list_text, month_text

ENGLAND_ITSELF = Organisation("england", ENGLAND, "England", "", "", "")
PART_OF_ENGLAND_ITSELF = replace(ENGLAND_ITSELF, name=PART_OF_ENGLAND)
LEVEL_NAMES = {
    "england": "England",
    "region": "Region",
    "icb": "ICB",
    "provider": "Trust or provider",
    "commissioner": "Commissioner",
}
KIND_NAMES = {"nhs": "NHS trusts", "independent": "Independent providers"}

Notices = list[str]


def source(filters: Filters, held: LoadedExtracts, notices: Notices) -> str:
    """Monthly or weekly; '' on an empty database."""
    if filters.source and filters.source not in held.sources and held.sources:
        wanted = "weekly PTL" if filters.source == "weekly" else "monthly extract"
        notices.append(f"No {wanted} is loaded, so the other source is shown.")
    if filters.source in held.sources:
        return filters.source
    # The tracking list is the newer of the two, and the one a trust acts on.
    if "weekly" in held.sources and filters.level in ("", "provider"):
        return "weekly"
    return held.sources[0] if held.sources else ""


def census(filters: Filters, held: LoadedExtracts, source: str, notices: Notices) -> date | None:
    """The census asked for, or the nearest before it; the newest where none is."""
    dates = held.censuses(source)
    if not dates:
        return None
    if filters.census and filters.census not in dates:
        earlier = [held for held in dates if held <= filters.census]
        nearest = earlier[-1] if earlier else dates[0]
        notices.append(f"There is no census on {date_text(filters.census)}; {date_text(nearest)} is shown.")
        return nearest
    return filters.census or dates[-1]


def step_back(dates: Sequence[date], source: str, census: date, step: str) -> date | None:
    """The census a step before, None if it is not held: the one before, a quarter, a year.

    A quarter of a tracking list is 12 weeks and a year 52, so that a Sunday is compared with a Sunday.
    """
    if step == "previous":
        before = [day for day in dates if day < census]
        return before[-1] if before else None
    if source == "weekly":
        wanted = date.fromordinal(census.toordinal() - (84 if step == "quarter" else 364))
    else:
        wanted = add_months(census, -3 if step == "quarter" else -12)
    return wanted if wanted in dates else None


def compare(filters: Filters, dates: Sequence[date], source: str, census: date, notices: Notices) -> str:
    """The step back asked for, '' where that census is not held."""
    if not filters.compare or step_back(dates, source, census, filters.compare) is not None:
        return filters.compare
    words = {"previous": "before this one", "quarter": "a quarter before", "year": "a year before"}
    notices.append(f"There is no census {words[filters.compare]} to compare with.")
    return ""


def group(
    filters: Filters,
    saved: Sequence[Group],
    listed: Sequence[Organisation],
    absent: Collection[str],
    notices: Notices,
) -> tuple[Filters, Organisation | None, tuple[str, ...]]:
    """The filters with a group's specialties in them; its trusts as one organisation, and their codes.

    A trust that did not report (`absent`) stays in the group, whose figures are then not whole. The address
    says the group's key; its name, typed by hand, is understood too.
    """
    if not filters.group:
        return filters, None, ()
    found = next((each for each in saved if filters.group in (each.key, each.name)), None)
    if found is None:
        notices.append(f"There is no saved group “{filters.group}”; it was ignored.")
        return replace(filters, group=""), None, ()
    filters = replace(filters, group=found.key)
    if found.kind == "specialties":
        if filters.tf and set(filters.tf) != set(found.members):
            notices.append(f"The group “{found.name}” replaces the specialties chosen one by one.")
        return replace(filters, tf=tuple(found.members)), None, ()
    return _trusts(filters, found, listed, absent, notices)


def _trusts(
    filters: Filters,
    found: Group,
    listed: Sequence[Organisation],
    absent: Collection[str],
    notices: Notices,
) -> tuple[Filters, Organisation | None, tuple[str, ...]]:
    there = {each.code for each in listed if each.level == "provider"} | set(absent)
    members = tuple(code for code in found.members if code in there)
    missing = [code for code in found.members if code not in there]
    if missing:
        notices.append(f"Not in this census, so not in the group’s figures: {list_text(missing)}.")
    if not members:
        return replace(filters, group=""), None, ()
    if filters.org or filters.level not in ("", "provider"):
        notices.append(
            f"A group of trusts cannot be combined with another organisation; “{found.name}” is shown."
        )
    together = Organisation("provider", found.name, found.name, "", "", "group")
    return replace(filters, level="provider", org=""), together, members


ONE_ALONE = "This month’s file holds only one provider and is not England"
"""How the notice begins that the one provider of a month is shown, for no other scope was asked for."""


def organisation(
    filters: Filters,
    source: str,
    listed: Sequence[Organisation],
    notices: Notices,
    *,
    is_part: bool = False,
    absent: Mapping[str, date] | None = None,
) -> Organisation:
    """The organisation asked for, else England; a tracking list has its own trust alone.

    `is_part`: the month is no whole one. It is never called England, and where it holds one provider alone,
    that provider is meant unless something else is asked for. `absent`: who did not report, and since when.
    """
    if source == "weekly":
        trusts = [o for o in listed if o.level == "provider"]
        found = [o for o in trusts if o.code == filters.org]
        if (filters.org and not found) or filters.level not in ("", "provider"):
            notices.append(f"The PTL covers only its own trust; {trusts[0].name} is shown.")
        return found[0] if found else trusts[0]
    level = filters.level or ("provider" if filters.org else "england")
    widest = PART_OF_ENGLAND_ITSELF if is_part else ENGLAND_ITSELF
    if level == "england":
        return _widest(filters, listed, notices, widest)
    for each in listed:
        if each.level == level and each.code == filters.org:
            return each
    _say_not_there(filters, level, widest, absent or {}, notices)
    return widest


def _widest(
    filters: Filters, listed: Sequence[Organisation], notices: Notices, widest: Organisation
) -> Organisation:
    """England, or the part of it that the month holds; its one provider, where it holds no other."""
    if filters.org:
        notices.append(f"“{filters.org}” cannot be combined with England; {_the(widest)} is shown.")
    providers = [each for each in listed if each.level == "provider"]
    if widest == ENGLAND_ITSELF or len(providers) != 1 or filters.level or filters.org:
        return widest
    notices.append(f"{ONE_ALONE}; {providers[0].name} is shown.")
    return providers[0]


def _say_not_there(
    filters: Filters, level: str, widest: Organisation, absent: Mapping[str, date], notices: Notices
) -> None:
    if (level, filters.org) == ("commissioner", NON_ENGLISH):
        notices.append(
            "Non-English commissioners (NONC) are left out of published figures and of these pages; "
            f"{_the(widest)} is shown."
        )
    elif level == "provider" and filters.org in absent:
        last = month_text(absent[filters.org])
        notices.append(
            f"{filters.org} did not report this month, and last in {last}; {_the(widest)} is shown."
        )
    elif filters.org:
        name = LEVEL_NAMES[level]
        name = name if name.isupper() else name.lower()
        notices.append(f"There is no {name} “{filters.org}” in this census; {_the(widest)} is shown.")
    else:
        notices.append(f"Choose one from the list; until then the figures are for {_the(widest)}.")


def kind(filters: Filters, chosen: Organisation, notices: Notices) -> str:
    """The kind of provider, unless the provider chosen is of another or there is none to choose."""
    if filters.kind and chosen.level == "provider" and chosen.kind not in ("group", filters.kind):
        notices.append(
            f"{chosen.name} is not one of the {_lower(KIND_NAMES[filters.kind])}; all kinds are offered."
        )
        return ""
    among_providers = chosen.level in LEVELS_OF_KIND or filters.level == "provider"
    if filters.kind and not among_providers and not filters.compares_providers:
        notices.append(
            f"“{KIND_NAMES[filters.kind]}” applies to providers only; for {chosen.name} it was ignored."
        )
        return ""
    return filters.kind


def functions(filters: Filters, offered: Sequence[str], notices: Notices) -> tuple[str, ...]:
    """The specialties asked for that the census has; () means all together."""
    for code in filters.tf:
        if code not in offered and code != TOTAL:
            notices.append(f"There is no specialty “{code}” in this census; it was left out.")
    if TOTAL in filters.tf:
        if len(filters.tf) > 1:
            notices.append("“All specialties” includes each one, so the single ones were ignored.")
        return ()
    # In the order of the return, whatever the order of choosing: the same scope has one name.
    return tuple(code for code in offered if code in filters.tf)


def splits(filters: Filters, source: str, sites: Sequence[str], notices: Notices) -> dict[str, Any]:
    """Site, pathway and priority: what a tracking list can be split by, and a monthly return cannot."""
    kept = {"site": filters.site, "pathway": filters.pathway, "priority": filters.priority}
    if source == "monthly":
        if filters.pathway in ("admitted", "non-admitted"):
            notices.append(
                "The monthly return does not split waiting patients into admitted and non-admitted (part "
                "2 less 2A is not “non-admitted”); choose “with decision to admit” instead."
            )
            kept["pathway"] = ""
        if filters.site or filters.priority:
            notices.append("The monthly return is not split by site or priority; these filters were ignored.")
            kept["site"] = kept["priority"] = ""
    elif filters.site and filters.site not in sites:
        notices.append(f"There is no site “{filters.site}” in this list; all sites are shown.")
        kept["site"] = ""
    return kept


def _the(widest: Organisation) -> str:
    return widest.name if widest == ENGLAND_ITSELF else "the part of England that is loaded"


def _lower(words: str) -> str:
    return words if words.startswith("NHS") else words[0].lower() + words[1:]

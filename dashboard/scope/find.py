"""Find a place: who is in the data, by any words of their name, their town, or their code, in any order.

Knows no page and no address. A specialty is found too: "urology" in the scope that is shown, "dorset urology"
in that trust. A search of 10,000 places takes a few milliseconds (benchmarks/places.py), so that each letter
typed may ask.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection

from dashboard.scope.lineage import months_of
from dashboard.scope.nearest import LEVEL_NAMES
from dashboard.scope.scope import Scope
from dashboard.store.cache import cached
from dashboard.store.lineage import succession_facts
from dashboard.store.loaded_extracts import Organisation, loaded_extracts
from dashboard.store.organisations import organisations
from dashboard.store.written import Group
from ingest.store.schema import MONTHLY, WEEKLY
from rtt.terms.organisation_names import title_case
from rtt.terms.provider_towns import towns_of
from rtt.terms.successions import Succession
from rtt.terms.treatment_functions import SPECIALTIES, name_of, short_name_of
from rtt.terms.wording import date_text

LIMIT = 12
MOST_WORDS = 8
KINDS = {"nhs": "NHS trust", "independent": "Independent provider"}
_ORDER = {"england": 0, "region": 1, "icb": 2, "provider": 3, "group": 4, "commissioner": 6}
_SMALL = frozenset(("and", "of", "the", "nhs", "trust", "ft"))
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to look at: an organisation, or a saved group of trusts (level 'group', its key as code)."""

    level: str
    code: str
    name: str
    about: str  # "NHS trust, RBD"
    order: int
    own: str = field(repr=False)  # what is searched: " dorset county hospital ... rbd dorchester"
    around: str = field(repr=False)  # the names of what lies above it too

    @property
    def key(self) -> str:
        """What a browser remembers it by."""
        return f"{self.level}.{self.code}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place, a specialty of the present scope, or a specialty of a place."""

    place: Place | None
    function: str = ""


def places_of(connection: Connection, scope: Scope) -> tuple[Place, ...]:
    """Everywhere there is: of the census that is shown, or of the newest month beside a PTL; saved groups."""
    months = scope.loaded.censuses(MONTHLY)
    source = MONTHLY if months else WEEKLY
    census = scope.census if scope.source == source else months[-1] if months else None
    listed = _places(connection, source, census) if census else ()
    groups = (_group(each) for each in scope.groups if each.kind == "trusts" and source == MONTHLY)
    gone = _ended(connection, months, census) if source == MONTHLY and census else ()
    there = {each.key for each in listed}
    ended = (each for each in gone if each.key not in there)
    return (*_england(scope, source), *groups, *listed, *ended)


@cached
def _ended(connection: Connection, months: tuple[date, ...], census: date) -> tuple[Place, ...]:
    """Trusts and ICBs that ended in the months held: their pages stand at their last month. No statement
    beside those of `resolve`.
    """
    facts = succession_facts(connection).successions
    ends = {each.code: each for each in facts.facts if each.on <= census}
    return tuple(
        _gone(level, each)
        for code, each in sorted(ends.items())
        for level in ("provider", "icb")
        if any(month < each.on for month in months_of(connection, level, code, months))
    )


def _gone(level: str, ended: Succession) -> Place:
    name = title_case(ended.name) or ended.code
    about = f"{LEVEL_NAMES[level]}, {ended.code}, until {date_text(ended.on - timedelta(days=1))}"
    own = searched([name, ended.code, *towns_of(ended.code), _initials(name)])
    return Place(level, ended.code, name, about, _ORDER["commissioner"] + 1, own, own)


@cached
def _places(connection: Connection, source: str, census: date) -> tuple[Place, ...]:
    ids = tuple(loaded_extracts(connection).ids(source, [census]))
    everybody = organisations(connection, ids, "england" if source == MONTHLY else "provider")
    return index(everybody)


def index(everybody: Iterable[Organisation]) -> tuple[Place, ...]:
    """The places among these organisations, ready to be searched, in the order in which they are offered."""
    named = {(each.level, each.code): each for each in everybody}
    places = (_place(each, named) for each in named.values() if each.level in LEVEL_NAMES)
    return tuple(sorted(places, key=lambda each: (each.order, each.name.casefold())))


def _place(each: Organisation, named: dict[tuple[str, str], Organisation]) -> Place:
    what = KINDS.get(each.kind, "Provider") if each.level == "provider" else LEVEL_NAMES[each.level]
    order = _ORDER[each.level] + (2 if each.kind == "independent" else 0)
    own = [each.name, each.code, *towns_of(each.code), _initials(each.name)]
    above, level = [each.parent_name], each
    while (parent := _parent(level, named)) is not None:
        above.append(parent.name)
        level = parent
    return Place(
        each.level, each.code, each.name, f"{what}, {each.code}", order, searched(own), searched(own + above)
    )


def _parent(each: Organisation, named: dict[tuple[str, str], Organisation]) -> Organisation | None:
    level = {"provider": "icb", "commissioner": "icb", "icb": "region"}.get(each.level, "")
    return named.get((level, each.parent_code))


def _england(scope: Scope, source: str) -> tuple[Place, ...]:
    if source != MONTHLY:
        return ()
    name = scope.england.name
    return (Place("england", "", name, LEVEL_NAMES["england"], 0, searched([name]), searched([name])),)


def _group(group: Group) -> Place:
    own = searched([group.name])
    return Place("group", group.key, group.name, "Saved group of trusts", _ORDER["group"], own, own)


def searched(texts: Iterable[str]) -> str:
    """The words, each behind a space: a word begins wherever " word" is found."""
    return "".join(f" {word}" for text in texts for word in words_of(text))


def words_of(text: str) -> list[str]:
    """The words in small letters; an apostrophe is no end of one ("king's" is found by "kings")."""
    return _WORD.findall(text.casefold().replace("'", "").replace("’", ""))


def _initials(name: str) -> str:
    """ "University Hospitals Dorset NHS Foundation Trust" -> "uhd"."""
    words = words_of(re.sub(r"\s*NHS (Foundation )?Trust$", "", name))
    return "".join(word[0] for word in words if word not in _SMALL) if len(words) > 1 else ""


def find(
    typed: str, places: Sequence[Place], functions: Sequence[str], *, limit: int = LIMIT
) -> tuple[list[Hit], int]:
    """The best hits, at most `limit`, and how many there are: specialties of the scope, places, both at once.

    `functions` are the specialties of the scope. Small words are looked for only if there are no others.
    """
    said = words_of(typed)[:MOST_WORDS]
    words = [word for word in said if word not in _SMALL] or said
    if not words:
        return [], 0
    specialties = [Hit(None, code) for code in functions if _holds(_names_of(code), words)]
    found = [Hit(place) for place in ranked(words, places)]
    # Both together only where either alone leaves room.
    both = _together(words, places, functions) if len(found) < limit else []
    hits = [*specialties, *found, *both]
    return hits[:limit], len(hits)


def ranked(words: Sequence[str], places: Sequence[Place]) -> list[Place]:
    """The places that hold every word: by code, by the beginning of the name, by name, by what is above."""
    whole = f" {' '.join(words)}"
    begins = (whole, f" nhs{whole}", f" the{whole}")
    found = places
    for at in (f" {word}" for word in words):
        found = [place for place in found if at in place.around]
    codes: list[Place] = []
    first: list[Place] = []
    own: list[Place] = []
    around: list[Place] = []
    for place in found:
        if place.own.startswith(begins):
            first.append(place)
        elif place.code.casefold() == whole[1:]:
            codes.append(place)
        else:
            (own if _holds(place.own, words) else around).append(place)
    return [*codes, *first, *own, *around]


def _together(words: Sequence[str], places: Sequence[Place], functions: Sequence[str]) -> list[Hit]:
    """ "dorset urology": a specialty that some of the words name, in the places that hold the others."""
    of: dict[tuple[str, ...], list[Place]] = {}
    hits: list[Hit] = []
    for code in functions:
        names = _names_of(code)
        others = tuple(word for word in words if f" {word}" not in names)
        if others and len(others) < len(words) and len(hits) < LIMIT * 4:
            if others not in of:
                of[others] = ranked(others, places)[:LIMIT]
            hits += [Hit(place, code) for place in of[others]]
    return hits


def _holds(names: str, words: Sequence[str]) -> bool:
    return all(f" {word}" in names for word in words)


def _names_of(code: str) -> str:
    return _NAMES.get(code, "") or searched([short_name_of(code)])


# What people call some of them, besides the names of the return.
_ALSO = {"C_110": "T and O", "C_120": "ENT", "C_502": "gynecology", "C_430": "geriatric medicine"}
_NAMES = {
    code: searched([short_name_of(code), name_of(code).removesuffix(" Service"), _ALSO.get(code, "")])
    for code in SPECIALTIES
}

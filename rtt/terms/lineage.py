"""Organisations through time: for whom of a month's organisations the rows of the months before count.

Seen from the month `at`, a trust has with its own rows those of the trusts that merged into it. An ICB and a
region are the sum of their commissioners (sub-ICBs) of that month, wherever these stood before: an ICB that
was divided is so divided exactly. Rows are never counted twice and none is lost; what cannot be placed stays
under the code that it was published with, and `unplaced` says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from rtt.terms.successions import Succession, Successions

Parents = Mapping[tuple[str, str], Mapping[date, str]]
"""(level, code) -> month -> parent, of the commissioners and ICBs that were not under one parent in every
month held; the others are where they are now.
"""
_A_DAY = timedelta(days=1)
WHOLE = ("provider", "commissioner")
"""The levels whose organisations merge as wholes."""
SUMS = ("icb", "region")
"""The levels that are sums of commissioners."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of some months: of a level, of `codes` (None: of all); `units` names whose they are now, where
    that is another code.
    """

    level: str
    codes: tuple[str, ...] | None
    dates: tuple[date, ...]
    units: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Lineage:
    """What counts for whom, seen from the month `at`.

    `present`: level -> the codes of that month. `homes`: commissioner -> ICB, and `regions`: ICB -> region,
    of that month. `moved`: see `Parents`. `placed`: what was found of months before; those with the same
    homes, regions and ends of organisations may share it.
    """

    at: date
    successions: Successions
    present: Mapping[str, frozenset[str]]
    homes: Mapping[str, str]
    regions: Mapping[str, str]
    moved: Parents = field(default_factory=dict)
    placed: dict[Any, Any] = field(default_factory=dict, repr=False)
    _found: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def blocks(self, level: str, codes: tuple[str, ...] | None, dates: tuple[date, ...]) -> tuple[Block, ...]:
        """The rows of some organisations (None: of each of the level); () where they are just their own."""
        asked = level, codes, dates
        if asked not in self._found:
            find = self._wholes if level in WHOLE else self._sums if level in SUMS else None
            self._found[asked] = find(*asked) if find else ()
        found: tuple[Block, ...] = self._found[asked]
        return found

    def now(self, level: str, code: str, month: date) -> str:
        """For whom the rows of an organisation of a month count: a trust or provider, or a commissioner."""
        owner = self.successions.whose(code, month, self.at)
        # Who sends no return has no figures that others could be added to.
        return owner if owner in self.present.get(level, ()) else code

    def predecessors(self, level: str, codes: Collection[str]) -> tuple[Succession, ...]:
        """The facts by which others became a part of these, oldest first."""
        if level not in (*WHOLE, *SUMS):
            return ()
        found = {
            each
            for code in codes
            for each in self.successions.into(code, self.at)
            if level in SUMS or self.successions.whose(each.code, each.on - _A_DAY, self.at) in codes
        }
        return tuple(sorted(found - {each for each in found if each.code in codes}, key=lambda f: (f.on, f)))

    def joined(
        self, level: str, codes: tuple[str, ...], dates: tuple[date, ...]
    ) -> tuple[str, tuple[str, ...]]:
        """The level and the codes of everybody whose rows count for these in any of the months."""
        blocks = self.blocks(level, codes, dates)
        if not blocks:
            return level, codes
        if level in SUMS:
            at = self.commissioners(level, codes)
            before = {code for each in blocks if each.level != level for code in each.codes or ()}
            return "commissioner", tuple(sorted(at | before))
        return level, tuple(dict.fromkeys(code for each in blocks for code in each.codes or ()))

    def commissioners(self, level: str, codes: Collection[str]) -> set[str]:
        """The commissioners of some ICBs or regions, as of the month `at`."""
        return {each for each, icb in self.homes.items() if self._of_level(icb, level) in codes}

    def unplaced(
        self, level: str, codes: Collection[str], dates: Iterable[date]
    ) -> dict[date, frozenset[str]]:
        """Month -> the commissioners that some of these may have had a part of, and that nobody can place."""
        if level not in SUMS or not self.moved:
            return {}
        everybody = self._nobodys(level)
        found = {
            month: frozenset(each for each, may in everybody[month] if not may.isdisjoint(codes))
            for month in dates
            if month in everybody
        }
        return {month: gone for month, gone in found.items() if gone}

    def _nobodys(self, level: str) -> dict[date, list[tuple[str, frozenset[str]]]]:
        """Month -> the commissioners that nobody can place, with whose they may have been."""
        if ("nobody", level) not in self._found:
            found = defaultdict(list)
            for (of, code), months in self.moved.items():
                for month in months if of == "commissioner" and code not in self.homes else ():
                    if month < self.at and len(may := self._may_be(code, month, level)) != 1:
                        found[month].append((code, may))
            self._found["nobody", level] = dict(found)
        nobody: dict[date, list[tuple[str, frozenset[str]]]] = self._found["nobody", level]
        return nobody

    def parent(self, level: str, code: str, month: date) -> str | None:
        """The parent that an organisation had in a month; None where it was not there."""
        if (moved := self.moved.get((level, code))) is not None:
            return moved.get(month)
        return (self.homes if level == "commissioner" else self.regions).get(code)

    def _wholes(
        self, level: str, codes: tuple[str, ...] | None, dates: tuple[date, ...]
    ) -> tuple[Block, ...]:
        if codes is not None and self._concerned(level, dates).isdisjoint(codes):
            return ()
        alike: dict[int, list[date]] = defaultdict(list)
        for month in dates:
            alike[self._ends_after(month)].append(month)
        there = self.present.get(level, frozenset())
        found: dict[tuple[Any, Any], list[date]] = defaultdict(list)
        for months in alike.values():
            moves = self._moves(level, months[0])
            if codes is None:
                found[None, tuple(sorted(moves.items()))] += months
                continue
            # Whoever is no more keeps its own rows where it is asked for itself.
            own = tuple(code for code in codes if code not in moves or code not in there)
            mine, kept = frozenset(codes), frozenset(own)
            others = sorted((each, to) for each, to in moves.items() if to in mine and each not in kept)
            found[(*own, *(each for each, _ in others)), tuple(others)] += months
        if set(found) <= {(codes, ())}:
            return ()
        return tuple(Block(level, of, tuple(days), units) for (of, units), days in found.items())

    def _concerned(self, level: str, dates: tuple[date, ...]) -> frozenset[str]:
        """Everybody whose rows of some month count for another now, and those others."""
        asked = "concerned", level, dates
        if asked not in self._found:
            moves = (self._moves(level, month) for month in dates)
            self._found[asked] = frozenset(code for each in moves for pair in each.items() for code in pair)
        concerned: frozenset[str] = self._found[asked]
        return concerned

    def _moves(self, level: str, month: date) -> Mapping[str, str]:
        """Whoever's rows of a month count for another now -> for whom; alike between two days of an end."""
        asked = "moves", level, self._ends_after(month)
        if asked not in self._found:
            facts = self.successions
            ended = [code for code in facts.codes if facts.next_end(code, month, self.at)]
            found = {code: self.now(level, code, month) for code in ended}
            self._found[asked] = {code: to for code, to in found.items() if to != code}
        moves: Mapping[str, str] = self._found[asked]
        return moves

    def _sums(self, level: str, codes: tuple[str, ...] | None, dates: tuple[date, ...]) -> tuple[Block, ...]:
        if not self.moved:
            return ()
        self._place_all(level, dates)
        found: dict[tuple[Any, Any], list[date]] = defaultdict(list)
        for month in dates:
            changed = self._changed(level, month)
            if not changed or (codes is not None and changed.isdisjoint(codes)):
                found[None, ()].append(month)
                continue
            owners = self._owners(level, month)
            mine = owners if codes is None else (code for code in codes if code in owners)
            units = tuple(sorted((each, to) for to in mine for each in owners[to]))
            found[tuple(each for each, _ in units), units].append(month)
        if set(found) <= {(None, ())}:
            return ()
        return tuple(
            Block(level, codes, tuple(days)) if of is None else Block("commissioner", of, tuple(days), units)
            for (of, units), days in found.items()
        )

    def _owners(self, level: str, month: date) -> Mapping[str, tuple[str, ...]]:
        """The area that counts commissioners of a month now -> those."""
        if month > self.at:
            return {}
        asked = "owners", level, month
        if asked not in self.placed:
            owners = defaultdict(list)
            for each, (_, to) in self._places(level, month).items():
                owners[to].append(each)
            self.placed[asked] = {to: tuple(codes) for to, codes in owners.items()}
        found: Mapping[str, tuple[str, ...]] = self.placed[asked]
        return found

    def _changed(self, level: str, month: date) -> frozenset[str]:
        """The areas that have other commissioners now than in a month, before or now."""
        if month > self.at:
            return frozenset()
        asked = "changed", level, month
        if asked not in self.placed:
            pairs = (pair for pair in self._places(level, month).values() if pair[0] != pair[1])
            self.placed[asked] = frozenset(area for pair in pairs for area in pair)
        changed: frozenset[str] = self.placed[asked]
        return changed

    def _places(self, level: str, month: date) -> dict[str, tuple[str, str]]:
        """Commissioner -> the ICB or region that it had in a month, and the one it counts for now; nothing of
        a month that, seen from here, is still to come.
        """
        if month > self.at:
            return {}
        asked = "places", level, month
        if asked not in self.placed:
            self._place_all(level, (month,))
        places: dict[str, tuple[str, str]] = self.placed[asked]
        return places

    def _place_all(self, level: str, months: Iterable[date]) -> None:
        """Find `_places` of several months. Between the days on which somebody ended, a commissioner whose
        ICB and region stay is placed alike.
        """
        new = [each for each in months if each <= self.at and ("places", level, each) not in self.placed]
        left = {month: self._ends_after(month) for month in new}
        places: dict[date, dict[str, tuple[str, str]]] = {month: {} for month in new}
        regions: dict[tuple[str, date], str | None] = {}
        for each, of_months in self._commissioners().items():
            alike: dict[tuple[str, str | None, int], tuple[str, str]] = {}
            for month in new:
                icb = self.homes[each] if of_months is None else of_months.get(month)
                if icb is None:
                    continue
                if (icb, month) not in regions:
                    regions[icb, month] = self.parent("icb", icb, month)
                asked = icb, regions[icb, month], left[month]
                if asked not in alike:
                    was, placed = self._was(each, month, level), self._placed(each, month, level)
                    alike[asked] = was, was if placed is None else placed
                places[month][each] = alike[asked]
        self.placed.update((("places", level, month), found) for month, found in places.items())

    def _ends_after(self, month: date) -> int:
        """How many days there are, after a month, on which somebody ended."""
        if "ends" not in self._found:
            self._found["ends"] = sorted({each.on for each in self.successions.facts})
        ends: list[date] = self._found["ends"]
        return len(ends) - bisect_right(ends, month)

    def _commissioners(self) -> dict[str, Mapping[date, str] | None]:
        """Everybody who is one or was, with the parents of its months; None: always where it is now."""
        stayed = (each for each in self.homes if ("commissioner", each) not in self.moved)
        moved = {code: of for (level, code), of in self.moved.items() if level == "commissioner"}
        return {**dict.fromkeys(stayed), **moved}

    def _was(self, commissioner: str, month: date, level: str) -> str:
        icb = self.parent("commissioner", commissioner, month) or ""
        return icb if level == "icb" else self.parent("icb", icb, month) or ""

    def _of_level(self, icb: str, level: str) -> str:
        return icb if level == "icb" else self.regions.get(icb, "")

    def _placed(self, commissioner: str, month: date, level: str) -> str | None:
        """The ICB or region of now; None where it may be one of several, or is nobody that is known."""
        may = self._may_be(commissioner, month, level)
        return next(iter(may)) if len(may) == 1 else None

    def _may_be(self, commissioner: str, month: date, level: str) -> frozenset[str]:
        """Every ICB or region of now that a commissioner of a month can belong to."""
        heir = self.successions.whose(commissioner, month, self.at)
        for code in (commissioner, heir):
            if code in self.homes:
                return frozenset({self._of_level(self.homes[code], level)})
        icb = self.parent("commissioner", commissioner, month) or ""
        icbs = {each for each in self.successions.heirs(icb, month, self.at) if each in self.regions}
        if icbs:
            return frozenset(self._of_level(each, level) for each in icbs)
        # Regions were the parents before April 2020: then the region is known, and any ICB of it may be it.
        region = icb if icb in self.regions.values() else self.parent("icb", icb, month)
        if level == "region":
            return frozenset({region} if region and region in self.regions.values() else ())
        return frozenset(each for each, of in self.regions.items() if of == region)

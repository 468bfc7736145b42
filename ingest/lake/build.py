"""A build: what changed is planned, run by an engine, and seen census by census.

A task that is done is noted, so that a build which was cut short goes on from there. Two builds at once do
the same work twice and leave one result: each looks again after it has put a manifest in place, until the one
in place is what all that is done by then comes to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version

from pydantic import TypeAdapter, ValidationError

from ingest.lake import entries, manifest, plan
from ingest.lake.engines import Engine
from ingest.lake.entries import Entry
from ingest.lake.layout import DONE, OF_PATHWAYS, manifest_path, partition
from ingest.lake.manifest import Manifest, TrustFacts
from ingest.lake.parquet import NotOfThisLake
from ingest.lake.plan import Made
from ingest.lake.stores import NotThere, Store
from ingest.lake.tasks import FACTS_OF_LISTS, MOVEMENT, RECIPE, Outcome, Part, Task


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did: the censuses whose manifest it changed, and how many tasks it ran."""

    changed: tuple[date, ...]
    tasks: int
    refusals: tuple[tuple[date, str, str], ...]  # census, trust, why


@dataclass(frozen=True, slots=True)
class Done:
    """That a task of one kind is done: its files, and by which version."""

    parts: tuple[Part, ...]
    version: str


_DONE = TypeAdapter(Done)


def build(
    store: Store,
    engine: Engine,
    *,
    census: date | None = None,
    provider: str | None = None,
    again: bool = False,
    report: Callable[[int, int], None] = lambda done, of: None,
) -> Build:
    """Bring the manifests of a lake up to what has been added. `report`: tasks done, of how many.
    `again`: what is done is done once more, and its files are written again.

    Raises `EngineLost`, and what the store raises; what was done by then is not done again.
    """
    return _Builder(store, census, provider, again).run(engine, report)


@dataclass(slots=True)
class _Builder:
    store: Store
    census: date | None
    provider: str | None
    again: bool
    refused: dict[tuple[date, str], dict[str, str]] = field(default_factory=dict)
    _entries: dict[str, Entry] = field(default_factory=dict)
    _done: dict[str, Done] = field(default_factory=dict)

    def run(self, engine: Engine, report: Callable[[int, int], None]) -> Build:
        planned = plan.planned(entries.names_in_place(self.store))
        tasks = self._tasks(planned)
        before = {day: manifest.readable(self.store, day) for day in self._days(planned)}
        left = Counter(task.census for task in tasks)
        report(0, len(tasks))
        for number, outcome in enumerate(engine(tasks), start=1):
            self._keep(outcome)
            left[outcome.task.census] -= 1
            if not left[outcome.task.census]:
                # Somebody may have added, and another build put in place, a newer list by now.
                now = entries.names_in_place(self.store)
                self._commit(now, plan.planned(now), outcome.task.census)
            report(number, len(tasks))
        self._settle(before)
        after = {day: manifest.readable(self.store, day) for day in before}
        refusals = [
            (day, who, why) for (day, who), each in sorted(self.refused.items()) for why in each.values()
        ]
        return Build(tuple(day for day in before if after[day] != before[day]), len(tasks), tuple(refusals))

    def _days(self, planned: Mapping[date, object]) -> list[date]:
        return [day for day in planned if self.census in (None, day)]

    def _settle(self, before: Iterable[date]) -> None:
        """See to it that what is in place is what all that is done comes to, others' work included."""
        while True:
            names = entries.names_in_place(self.store)
            planned = plan.planned(names)
            if not [day for day in before if self._commit(names, planned, day)]:
                return

    # What there is to do

    def _tasks(self, planned: Mapping[date, Mapping[str, Made]]) -> list[Task]:
        tasks = []
        for day in self._days(planned):
            held = manifest.readable(self.store, day)
            for made in planned[day].values():
                is_due = self.again or not self._is_built(held, made)
                if self.provider in (None, made.provider) and is_due:
                    tasks += self._task_of(made)
        return tasks

    def _is_built(self, held: Manifest | None, made: Made) -> bool:
        """Whether there is nothing to do. A movement that lacks rows is done as far as it can be, until the
        rows are there.
        """
        own = held.of(made.provider) if held else None
        if own is None or own.made_from != made.made_from or own.refusal:
            return False
        return not own.note or not self._has_rows(made)

    def _has_rows(self, made: Made) -> bool:
        try:
            task = self._whole_task(made)
        except (NotOfThisLake, NotThere):
            return False
        parts = (task.pathways, task.before, *task.stops) if task else ()
        return all(self.store.exists(part.path) for part in parts if part)

    def _task_of(self, made: Made) -> list[Task]:
        """The task of a census and trust, less what is done; none without an open list that can be used."""
        try:
            task = self._whole_task(made)
        except (NotOfThisLake, NotThere) as fault:
            self.refused[made.census, made.provider] = {FACTS_OF_LISTS: f"Its entry cannot be used: {fault}."}
            return []
        if task is None:
            return []
        kinds = tuple(kind for kind in task.kinds if self.again or self._is_done(task, kind) is None)
        return [replace(task, kinds=kinds)] if kinds else []

    def _whole_task(self, made: Made) -> Task | None:
        listed = made.entries.get("open")
        if listed is None:
            return None
        stops = [self._entry(name).part("clock_stop") for name in made.stops]
        pathways = self._entry(listed).part("pathway")
        if pathways is None:
            raise NotOfThisLake(f"{listed} names no pathways")
        return Task(
            kinds=(FACTS_OF_LISTS, MOVEMENT),
            census=made.census,
            provider=made.provider,
            lake=self.store.address,
            pathways=pathways,
            before=self._entry(made.before).part("pathway") if made.before else None,
            previous=made.previous,
            stops=tuple(part for part in stops if part is not None),
        )

    def _entry(self, name: str) -> Entry:
        if name not in self._entries:
            self._entries[name] = entries.entry_at(self.store, name)
        return self._entries[name]

    # What is done

    def _keep(self, outcome: Outcome) -> None:
        task = outcome.task
        for kind, parts in outcome.facts.items():
            done = Done(parts, version("rtt-dashboard"))
            self.store.write(_done_path(task, kind), _DONE.dump_json(done))
        if outcome.refusals:
            self.refused[task.census, task.provider] = dict(outcome.refusals)

    def _is_done(self, task: Task, kind: str) -> Done | None:
        path = _done_path(task, kind)
        if path not in self._done:
            try:
                found = _DONE.validate_json(self.store.read(path))
            except (NotThere, ValidationError):
                return None
            if not all(self.store.exists(part.path) for part in found.parts):
                return None
            self._done[path] = found
        return self._done[path]

    # What can be seen

    def _commit(self, names: entries.Names, planned: Mapping[date, Mapping[str, Made]], day: date) -> bool:
        """Put the manifest of a census in place; whether there was another, or none."""
        held = manifest.readable(self.store, day)
        trusts, waiting = [], []
        for made in planned.get(day, {}).values():
            own = self._facts_of(made, held.of(made.provider) if held else None)
            trusts += [own] if own else []
            waiting += [] if own else [made.provider]
        found = Manifest(
            census_date=day,
            recipe=RECIPE,
            trusts=tuple(sorted(trusts, key=lambda each: each.provider_code)),
            missing=plan.missing(names, day),
            waiting=tuple(sorted(waiting)),
        )
        if found == held:
            return False
        self.store.write(manifest_path(day), manifest.as_bytes(found))
        return True

    def _facts_of(self, made: Made, held: TrustFacts | None) -> TrustFacts | None:
        """What of a trust can be seen; None of one whose list is not built yet."""
        if held is not None and held.made_from == made.made_from and not (held.refusal or held.note):
            return held
        refusals = self.refused.get((made.census, made.provider), {})
        try:
            found = self._whole_facts(made, refusals.get(MOVEMENT, ""))
        except (NotOfThisLake, NotThere):
            found = None
        # What another build has done by now counts, also where this one was refused.
        if found is None and FACTS_OF_LISTS in refusals:
            refused = held or TrustFacts(made.provider, "", version("rtt-dashboard"))
            return replace(refused, refusal=refusals[FACTS_OF_LISTS])
        return found or held

    def _whole_facts(self, made: Made, note: str) -> TrustFacts | None:
        facts: dict[str, tuple[Part, ...]] = {
            section: tuple(part for part in self._entry(name).parts if part.table not in OF_PATHWAYS)
            for section, name in sorted(made.entries.items())
        }
        made_by = version("rtt-dashboard")
        task = self._whole_task(made)
        if task is not None:
            counts, moved = self._is_done(task, FACTS_OF_LISTS), self._is_done(task, MOVEMENT)
            if counts is None or (moved is None and not note):
                return None
            facts["open"] += (*counts.parts, *(moved.parts if moved else ()))
            made_by = counts.version
        return TrustFacts(
            provider_code=made.provider,
            made_from=made.made_from,
            version=made_by,
            entries=dict(sorted(made.entries.items())),
            facts=facts,
            previous=made.previous,
            note=note,
        )


def _done_path(task: Task, kind: str) -> str:
    return f"{DONE}/{partition(task.census, task.provider)}/{kind}-{task.key(kind)}.json"

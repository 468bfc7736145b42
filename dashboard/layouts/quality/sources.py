"""The part of the data-quality page that holds returns against each other: who is missing, who looks odd, and
the tracking list beside the monthly return of the same trust, with their difference explained.
"""

from typing import Any

from dashboard.analysis.quality import BothSources, Listed, Providers
from dashboard.analysis.quality_sources import Sources
from dashboard.filters import Filters, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.missing_returns import absent_section
from dashboard.scope.scope import Scope
from rtt.findings.left_out import cut_words
from rtt.measures import data_quality as rules
from rtt.measures.data_quality import Bounds
from rtt.terms.wording import (
    NOT_KNOWN,
    date_text,
    month_text,
    number_text,
    plural,
    share_text,
    signed_text,
    weekday_text,
)

Component = Any
MOST_ROWS = 40
SHOWN_ROWS = 8
"""Providers that are shown before the fold, those with the largest lists."""


def tiles(scope: Scope, found: Sources, odd: int) -> list[Component]:
    """What the month's returns, or the two sources, come to in a number."""
    made = []
    if found.providers and found.providers.before is not None and scope.previous:
        gone = found.providers.missing
        size = sum(each.total for each in gone)
        lines = [f"{plural(size, 'pathway')} on {date_text(scope.previous)}"] if gone else []
        made.append(show.tile("Providers that have not reported", number_text(len(gone)), lines))
    if found.providers:
        made.append(
            show.tile("Unusual returns", number_text(odd), [f"of {number_text(len(found.providers.now))}"])
        )
    if found.both and (left := unexplained(found.both)) is not None:
        month = month_text(found.both.month_end)
        share = share_text(abs(left) / found.both.monthly.total) if found.both.monthly.total else NOT_KNOWN
        lines = [f"{share} of the return for {month}", "after the days between are allowed for"]
        made.append(show.tile("Return less PTL", signed_text(left), lines))
    return made


def draw(
    scope: Scope, found: Sources, flagged: dict[str, tuple[str, ...]], without: Bounds | None
) -> list[show.Part]:
    """The sections, those that have something to say."""
    made = []
    if found.providers is not None:
        made.append(_missing(scope, found.providers))
        made += absent_section(scope)
        made.append(_odd(scope, found.providers, flagged, without))
    made.append(_both(scope, found.both))
    return made


def _missing(scope: Scope, providers: Providers) -> show.Part:
    title = "Providers that reported last month but not this month"
    if providers.before is None or scope.previous is None:
        return show.section(title, html.P("The month before is not loaded."), name="missing")
    gone, then = providers.missing, date_text(scope.previous)
    if not gone:
        before = len(providers.before)
        sentence = f"All {number_text(before)} providers that reported for {then} have reported now."
        if before == 1:
            sentence = f"The one provider that reported for {then} has reported now."
        return show.section(title, html.P(sentence), name="missing")
    rows = [
        [each.name, number_text(each.total), _share(each.within, each.known)] for each in gone[:MOST_ROWS]
    ]
    columns = ["Provider", f"Waiting on {then}", "Within 18 weeks then"]
    return show.table_card(
        title,
        html.P(_with_the_missing(providers, gone)),
        *([html.P(cut)] if (cut := cut_words(len(rows), len(gone))) else []),
        show.Table(
            title,
            columns,
            rows,
            label="Missing providers, table",
            most=SHOWN_ROWS,
            folded_words="of other providers",
            name="missing",
            values=show.values_of(rows),
        ),
        name="missing",
        as_csv=True,
    )


def _with_the_missing(providers: Providers, gone: tuple[Listed, ...]) -> str:
    """England as it would be if the missing had reported what they did a month ago."""
    lists = (*providers.now.values(), *gone)
    within, known = sum(each.within for each in lists), sum(each.known for each in lists)
    size = plural(sum(each.total for each in gone), "pathway")
    together = number_text(sum(each.total for each in lists))
    return (
        f"They had {size}. With those, England’s list would be {together} "
        f"and {_share(within, known)} within 18 weeks. They may have closed, merged or not submitted."
    )


def _odd(
    scope: Scope, providers: Providers, flagged: dict[str, tuple[str, ...]], without: Bounds | None
) -> show.Part:
    title = "Unusual returns"
    odd = [
        (providers.now.get(code) or (providers.before or {}).get(code), keys)
        for code, keys in flagged.items()
        if any(rules.BY_KEY[key].in_doubt for key in keys)
    ]
    known = [(listed, keys) for listed, keys in odd if listed is not None]
    if not known:
        return show.section(title, html.P("None this month."), name="odd")
    rows = [
        [
            show.link(listed.name, to_query(_at(scope.filters, listed.code))),
            "; ".join(rules.BY_KEY[key].name for key in keys if rules.BY_KEY[key].in_doubt),
            number_text(providers.now[listed.code].total) if listed.code in providers.now else "None",
        ]
        for listed, keys in sorted(known, key=lambda pair: (-pair[0].total, pair[0].code))[:MOST_ROWS]
    ]
    more = len(known) - len(rows)
    said = f" The {MOST_ROWS} with the largest lists are shown; {more} more are smaller." if more > 0 else ""
    effect = f" Without their lists England’s share would be {rules.range_words(without)}." if without else ""
    return show.table_card(
        title,
        html.P(
            f"Unusual, not necessarily wrong: openings, closures and mergers look like this.{effect}{said}"
        ),
        show.Table(
            title,
            ["Provider", "What is unusual", "Waiting"],
            rows,
            text_columns=2,
            label="Unusual returns, table",
            most=SHOWN_ROWS,
            folded_words="of other providers",
            name="odd",
            values=show.values_of(rows, text_columns=2),
        ),
        name="odd",
        as_csv=True,
    )


def _at(filters: Filters, code: str) -> Filters:
    return Filters(source=filters.source, census=filters.census, level="provider", org=code)


def _both(scope: Scope, both: BothSources | None) -> show.Part:
    title = "PTL compared with the monthly return"
    if both is None:
        why = (
            "No trust in this scope has both a PTL and a monthly return for the same dates, so they "
            "cannot be compared."
        )
        return show.section(title, html.P(why), name="sources")
    rows = explained(both)
    columns = ["Step", "Pathways", "Within 18 weeks"]
    return show.table_card(
        f"{title}: {both.name}, {month_text(both.month_end)}",
        html.P(_difference_sentence(both)),
        show.Table(title, columns, rows, label="Two sources, table"),
        html.P(
            "The week’s flows are spread evenly over its seven days. The PTL is unvalidated; the "
            "return is submitted after validation. What remains is mostly validation, late recording "
            "and pathways that the return does not count.",
            className="rtt-small",
        ),
        name="sources",
        as_csv=True,
    )


def explained(both: BothSources) -> list[list[str]]:
    """From the tracking list to the return, step by step."""
    days = (both.month_end - both.sunday).days
    rows = [
        [
            f"PTL of {weekday_text(both.sunday)}",
            number_text(both.weekly.total),
            both.share_instead or _share(both.weekly.within, both.weekly.known),
        ]
    ]
    for name, amount in _steps(both):
        rows.append([f"{name}, {plural(days, 'day')}", signed_text(amount), ""])
    left = unexplained(both)
    rows.append(["Not explained", NOT_KNOWN if left is None else signed_text(left), ""])
    day = date_text(both.month_end)
    rows.append(
        [
            f"Monthly return of {day}",
            number_text(both.monthly.total),
            _share(both.monthly.within, both.monthly.known),
        ]
    )
    return rows


def unexplained(both: BothSources) -> int | None:
    """The return less what the tracking list comes to at the month's end; None while the days between are
    not held."""
    if both.month_end > both.sunday and (None in (both.following, both.starts, both.stops)):
        return None
    return both.monthly.total - both.weekly.total - sum(amount for _, amount in _steps(both))


def _steps(both: BothSources) -> list[tuple[str, int]]:
    """What the days between Sunday and month end did to the list, in whole pathways."""
    days = (both.month_end - both.sunday).days
    if not days or both.following is None or both.starts is None or both.stops is None:
        return []
    gone = both.weekly.total + both.starts - both.stops - both.following.total
    return [
        ("Clocks started", round(both.starts * days / 7)),
        ("Clocks stopped", -round(both.stops * days / 7)),
        ("Left without a reported stop", -round(gone * days / 7)),
    ]


def _difference_sentence(both: BothSources) -> str:
    apart = both.monthly.total - both.weekly.total
    side = "more" if apart > 0 else "fewer"
    started = (
        f"The return of {date_text(both.month_end)} has {plural(abs(apart), 'pathway')} {side} than the "
        f"PTL of {date_text(both.sunday)}."
    )
    if (left := unexplained(both)) is None:
        return (
            f"{started} The week after that Sunday is not fully loaded, so the days between are not "
            "explained."
        )
    of = share_text(abs(left) / both.monthly.total) if both.monthly.total else NOT_KNOWN
    return f"{started} After the days between, {signed_text(left)} are not explained: {of} of the return."


def _share(within: float, known: float) -> str:
    return share_text(within / known) if known else "No pathways"

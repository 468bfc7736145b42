"""A chart of each kind that `dashboard.figures` makes, by the function that makes it."""

from datetime import date

import numpy as np

from dashboard.figures.bars import Bar, bar_chart
from dashboard.figures.expected_bars import Expectation, expected_chart
from dashboard.figures.fan import fan_chart
from dashboard.figures.icb_tiles import Tile
from dashboard.figures.ladder import Rung, WeekBar, ladder_chart, weeks_chart
from dashboard.figures.notes import Note
from dashboard.figures.peers_chart import Counted, Own, decile_chart, few_peers_chart
from dashboard.figures.plan_chart import AS_NOW, SCENARIO, STYLES, TO_TARGET, Interval, PlanLine, plan_chart
from dashboard.figures.quality import check_trend
from dashboard.figures.reliability import reliability_chart
from dashboard.figures.side_by_side import Other
from dashboard.figures.tile_map import Place, tile_map
from dashboard.packs.contents.pages import control
from dashboard.store.forecasts import BackTest
from rtt.forecast.score.issued import Issued
from rtt.measures.data_quality import CHECKS
from rtt.terms.calendar import add_months, month_end
from rtt.terms.wording import share_text
from tests.dashboard.packs import making
from tests.dashboard.packs.test_native_charts import bridge, differences, funnel

MONTHS = [add_months(month_end(date(2024, 1, 1)), month) for month in range(20)]
SAID = {"title": "t", "caption": "c"}
OTHERS = [Other("Elsewhere", tuple((day, 0.58, "58.0%") for day in MONTHS[3:]))]


def charts_of(sample):
    """Name of the function -> a chart of it; those of the sample's own figures among them."""
    query = "?source=monthly&level=provider&org=R9B"
    facts = making.facts_of(sample, query)
    drawn = {chart.title: chart for chart in making.contents(sample, query).charts}
    shape = next(each for each in drawn.values() if each.plot.uprights)
    level = next(each for each in drawn.values() if each.plot.kind == "dates" and "Standard" in each.columns)
    return DRAWN | {
        "control_chart.control_chart": control(facts, facts.charts["total"]),
        "level_chart.level_chart": level,
        "shape.shape_chart": shape,
    }


def _bars():
    named = [("ENT", 0.603, "60.3%", False), ("A <small> & odd one", 0.4, "40.0%", True)]
    bars = [Bar(name, name, value, shown, "", few=few) for name, value, shown, few in named]
    bars.append(Bar("Kept back", "Kept back", None, "under 8", ""))
    return bar_chart(
        bars, unit="share", what="w", columns=("Specialty", "Share"), line=(0.55, "England 55.0%"), **SAID
    )


def _expected():
    rows = [
        Expectation("ENT", (120.0, 100.0, 141.0), "120", "100 to 141", 180.0, "180"),
        Expectation("Urology", None, "under 8", "", None, "under 8"),
    ]
    return expected_chart(rows, weeks=52, by="1 Mar 2026", **SAID)


def _fan():
    origin, ahead = MONTHS[11], [*range(1, 7), 9]
    said = [
        Issued(
            origin, add_months(origin, step), step, "share_within_18", 60.0 + step / 5,
            tuple((60.0 - wide * step / 6, 60.0 + wide * step / 6) for wide in (1.0, 2.0, 3.0)), 60.0,
        )
        for step in ahead
    ]  # fmt: skip
    history = {day: 58.0 + at / 6 for at, day in enumerate(MONTHS[:14])}
    notes = [Note(MONTHS[5], "Strike & <rest>", "ann", starts_phase=True)]
    return fan_chart(
        said, history, where="England", targets=[(MONTHS[17], 61.0, "Milestone 61%")], notes=notes
    )


def _weeks():
    weeks = [WeekBar(f"{day} Mar 2026", 100.0 + day, str(100 + day), 40.0) for day in (1, 8, 15)]
    return weeks_chart(
        [*weeks, WeekBar("22 Mar 2026", None, "under 8")], columns=("Week", "Pathways"), **SAID
    )


def _ladder():
    rungs = [Rung("Booked in time", 120.0, "120", "60%"), Rung("No date", None, "under 8", "")]
    return ladder_chart(rungs, **SAID)


def _own():
    values = np.array([0.55 + 0.001 * at for at in range(len(MONTHS))])
    values[4] = np.nan
    return Own("Avonmoor", values, tuple(map(share_text, values)))


def _deciles():
    values = np.array(
        [[0.4 + 0.04 * decile + 0.001 * at for at in range(len(MONTHS))] for decile in range(9)]
    )
    none = (0,) * len(MONTHS)
    return decile_chart(
        MONTHS, _own(), values, Counted(none, none, none), measure="Within 18 weeks", unit="share",
        words=share_text, others=OTHERS, **SAID,
    )  # fmt: skip


def _few_peers():
    peers = [
        (name, np.full(len(MONTHS), 0.5 + 0.02 * at), ["50.0%"] * len(MONTHS))
        for at, name in enumerate(("Tameford", "Wyredale", "Moorland"))
    ]
    return few_peers_chart(MONTHS, _own(), peers, measure="Within 18 weeks", unit="share", **SAID)


def _plan():
    history = [(day, 58.0 + at / 10) for at, day in enumerate(MONTHS[:12])]
    ahead = tuple(MONTHS[12:])
    rising = tuple(59.5 + at / 4 for at in range(len(ahead)))
    lines = [
        PlanLine(AS_NOW, ahead, tuple(59.0 for _ in ahead), STYLES[AS_NOW]),
        PlanLine(SCENARIO, ahead, (*rising[:3], None, *rising[4:]), STYLES[SCENARIO]),
        PlanLine(TO_TARGET, (MONTHS[11], MONTHS[19]), (59.1, 65.0), STYLES[TO_TARGET]),
    ]
    interval = Interval(ahead, tuple(57.0 for _ in ahead), tuple(61.0 for _ in ahead))
    target = (MONTHS[19], 65.0)
    return plan_chart(history, lines, what="w", share=True, interval=interval, target=target, **SAID)


def _quality():
    shares = [0.004, 0.005, None, 0.0047, 0.006]
    rows = [
        (day, share, "not asked" if share is None else share_text(share), "12", "3,000")
        for day, share in zip(MONTHS, shares, strict=False)
    ]
    return check_trend(CHECKS[0], rows, where="England")


def _reliability():
    lines = [
        BackTest("total", 3, day, 40, 1.0, 1.0, 0.1, (0.5, 0.7 + 0.01 * at, 0.9))
        for at, day in enumerate(MONTHS)
    ]
    return reliability_chart(lines, horizon=3, units="regions")


def _map():
    places = [
        Place(
            Tile(f"Q{at}", at // 4 * 4, at % 4, f"Place {at}"),
            value,
            shown,
            (f"Place {at}", shown),
            "",
            at == 4,
        )
        for at, (value, shown) in enumerate(
            [*((0.5 + at / 50, f"{50 + 2 * at}.0%") for at in range(7)), (None, "–")]
        )
    ]
    return tile_map(
        places, measure="Within 18 weeks", unit="share", columns=("ICB", "Share"), words=share_text, **SAID
    )


DRAWN = {
    "bars.bar_chart": _bars(),
    "bridge.bridge_chart": bridge(),
    "differences.difference_chart": differences(),
    "expected_bars.expected_chart": _expected(),
    "fan.fan_chart": _fan(),
    "funnel.funnel_chart": funnel()[0],
    "ladder.ladder_chart": _ladder(),
    "ladder.weeks_chart": _weeks(),
    "peers_chart.decile_chart": _deciles(),
    "peers_chart.few_peers_chart": _few_peers(),
    "plan_chart.plan_chart": _plan(),
    "quality.check_trend": _quality(),
    "reliability.reliability_chart": _reliability(),
    "tile_map.tile_map": _map(),
}

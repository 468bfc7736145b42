"""Labels of a chart over time: none on a point where there is room, and never one on another."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.label_places import Area, Label, Place, labels_at

FIRST = date(2023, 1, 31)
DAYS = 1500
# Pixels, as a letter and a line of the label's type take them on a screen.
LETTER, LINE = 7, 18
LIFTS = (0, 20, 40, 60, 80)


def boxes(drawn, area, width):
    """Where each label stands on a plot of this width, 240 pixels high: left, right, foot."""
    found = []
    for each in drawn:
        x = width * (date.fromisoformat(each["x"]) - area.first).days / DAYS
        y = 240 * (each["y"] - area.low) / (area.high - area.low) + each["yshift"]
        long = LETTER * len(each["text"])
        left = x - long if each["xanchor"] == "right" else x
        found.append((left, left + long, y if each["yanchor"] == "bottom" else y - LINE))
    return found


@given(
    st.lists(
        st.tuples(st.integers(700, DAYS), st.floats(0.4, 0.6), st.integers(5, 30)), min_size=2, max_size=3
    )
)
def test_no_label_lies_on_another_on_a_phone_or_at_a_desk(asked):
    points = tuple((FIRST + timedelta(day), 0.5) for day in range(0, 1100, 31))
    area = Area(FIRST, FIRST + timedelta(DAYS), 0.0, 1.0, points)
    labels = []
    for day, value, letters in asked:
        at = FIRST + timedelta(day)
        places = [Place(at, value, "left", above, lift) for lift in LIFTS for above in (True, False)]
        labels.append(Label("x" * letters, places))
    drawn = labels_at(labels, area)
    for width in (300, 600):
        for one, other in combinations(boxes(drawn, area, width), 2):
            beside = one[1] <= other[0] or other[1] <= one[0]
            assert beside or abs(one[2] - other[2]) >= LINE - 0.01, (width, one, other)


def test_the_milestones_of_two_years_stand_one_above_the_other():
    """Both are due within a year, and their names are longer than the months between them."""
    points = tuple((FIRST + timedelta(day), 0.64) for day in range(0, 1060, 31))
    area = Area(FIRST, FIRST + timedelta(DAYS), 0.5, 1.0, points)
    due = ((date(2026, 3, 31), 0.65), (FIRST + timedelta(DAYS), 0.70))
    labels = [
        Label(
            f"Milestone {100 * value:.0f}% by 31 Mar {day.year}",
            [Place(day, value, "left", above, lift) for lift in LIFTS[:4] for above in (True, False)],
            8,
        )
        for day, value in due
    ]
    first, second = boxes(labels_at(labels, area), area, 300)
    assert abs(first[2] - second[2]) >= LINE

"""The fixed paragraphs of the About page. What can be computed (definitions, rules, rates) is not here."""

from __future__ import annotations


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(each.split()) for each in text.strip().split("\n\n"))


METHOD = _paragraphs(
    """
A pathway is one wait for one condition: a person with two pathways counts twice. The day of the clock
start is day 0. The first week band holds days 0 to 7, every later one seven days, and the last all waits
of 729 days or more. 126 days are within 18 weeks, 127 are not.

Every figure is computed from counts of pathways by week band, as the monthly return and the weekly
tracking list have them. Medians and percentiles are read from the bands as the publisher does: waits are
taken as even within a band. Fewer than 20 pathways give no percentile, and one in the open band is
written as 104+.

England, region and ICB count the patients of their commissioners, wherever they are treated. A trust
counts everyone waiting there. The two are different sets of people and are never added to each other.
Non-English commissioners are left out, as in every published figure.

The monthly return is submitted and published; the weekly tracking list is unvalidated. They are never
mixed in one figure, and each page says which of the two it shows.

Figures travel in full and are rounded once, where they are shown. A change is the difference between the
two figures as shown. What is not known is said in words and is never zero.

Counts of 1 to 7 in a tracking list are shown as “under 8” to those who may not see its pathways, with no
rate on fewer than 20 and a second cell withheld where a total would give the first away. A figure with
“about” is rounded, so that it tells no small number: a median or percentile to the whole week, and only
where at least 8 pathways have waited less and 8 more. No change is told from a rounded figure. Published
figures are shown as published.
"""
)

SIGNALS = _paragraphs(
    """
Gaps raise no signal and break runs. A new phase begins only where somebody wrote down why, with name and
date. “Improving” and “concerning” need a signal; without one the page says that there is none. No cause
is named.
"""
)

BENCHMARK = _paragraphs(
    """
One specialty across providers is a funnel: the limits narrow as lists grow, and are widened for the
spread that providers of a kind have beyond chance. Providers are compared with those of their kind, NHS
trusts by default. Within the limits nobody is ranked.

The specialties of one trust differ by nature, so each is held against the national figure of the same
specialty. The “expected” figure is what the trust would have with its own mix of specialties at national
rates.
"""
)

ACCESSIBILITY = _paragraphs(
    """
The dashboard is made to meet WCAG 2.2 at level AA. Every page and state is tested with axe-core by the
WCAG 2.2 AA and best-practice rules, in Chromium, at widths from 320 to 1,920 pixels, by mouse and by
keyboard.

Every chart has a name with its main number in it, a sentence, and the same numbers as a table under “View
as table” and as CSV. No figure stands in a hover alone. Colour never carries a meaning alone: a shape and
a word stand beside it, and neither red nor green carries one. Motion is off for those who ask their
system for that.

Known limits: it has not been tested by people who use screen readers, screen magnifiers or voice control.
Charts are pictures to a screen reader; their points are reached as links in the table.
"""
)

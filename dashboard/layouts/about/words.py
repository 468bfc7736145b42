"""The fixed paragraphs of the About page. What can be computed (definitions, rules, rates) is not here."""


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(each.split()) for each in text.strip().split("\n\n"))


METHOD = _paragraphs(
    """
A pathway is one wait for one condition: a person with two pathways counts twice. The day of the clock
start is day 0. The first week band holds days 0 to 7, every later one seven days, and the last all waits
of 729 days or more. 126 days are within 18 weeks, 127 are not.

Every figure is calculated from counts of pathways by week band in the monthly return or the weekly PTL.
Medians and percentiles are estimated from the bands by NHS England’s method, which spreads waits evenly
within a band. No percentile is given for fewer than 20 pathways; one in the open band is shown as 104+.

England, region and ICB count the patients of their commissioners, wherever they are treated. A trust
counts everyone waiting there. These are different groups of patients and are never added together.
Non-English commissioners are left out, as in every published figure.

The monthly return is submitted and published; the weekly PTL is unvalidated. They are never
mixed in one figure, and each page says which one it shows.

Figures are kept unrounded and are rounded once, when shown. A change is the difference between the
two figures as shown. A figure that is not known is shown in words, never as zero.

Small-number suppression applies to a PTL for readers who may not see its pathways. Counts of 1 to 7 are
shown as “under 8”, and no rate is shown for fewer than 20. A second figure is withheld where a total
would reveal the first. A figure with “about” is rounded so that it does not reveal a small number. A
median or percentile is rounded to the whole week. It is shown only where at least 8 pathways have waited
less and 8 more.
No change is calculated from a rounded figure. Published figures are shown as published.
"""
)

SIGNALS = _paragraphs(
    """
Gaps raise no signal and break runs. New limits start only where somebody has recorded the reason, with a
name and date. “Improving” and “concerning” are used only where there is a signal (special cause
variation). The chart does not say what caused it.
"""
)

BENCHMARK = _paragraphs(
    """
A funnel plot compares one specialty across providers. Its limits narrow as lists grow, and are widened
for the variation between providers of a kind that is beyond chance. Providers are compared with others
of the same kind, NHS trusts by default. Providers within the limits are not ranked.

Specialties differ by nature, so each specialty of a trust is compared with the national figure for the
same specialty. The “expected” figure is what the trust would have if each of its specialties were at its
national rate.
"""
)

ACCESSIBILITY = _paragraphs(
    """
The dashboard is designed to meet WCAG 2.2 at level AA. Every page and state is tested with axe-core by the
WCAG 2.2 AA and best-practice rules, in Chromium, at widths from 320 to 1,920 pixels, by mouse and by
keyboard.

Every chart has a title with its main number, a sentence, and the same numbers as a table on its tab
“Table” and as CSV. No figure is shown only on hover. Colour is never the only sign of a meaning: a shape
and a word go with it, and neither red nor green has a meaning. Motion is off if your system asks for
reduced motion.

Known limits: it has not been tested by people who use screen readers, screen magnifiers or voice control.
Screen readers treat charts as pictures; use the links in the table to reach their points.
"""
)

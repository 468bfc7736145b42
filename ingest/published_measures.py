"""The headings of the overview time series, and the key under which each column's figures are kept.

Headings are known by their words, not their place: columns come and go between publications. A key says the
section and the measure, such as "incomplete.over_52" or "admitted.p95_weeks"; a column "with estimates for
missing data" is a measure of its own, since it is not what trusts returned.
"""

from __future__ import annotations

import re

# What a heading of the section row holds -> our key; the first that fits, so the narrower words come first.
SECTIONS = (
    ("adjusted)", "admitted_adjusted"),
    ("non-admitted", "non_admitted"),
    ("admitted", "admitted"),
    ("incomplete", "incomplete"),
    ("new rtt periods", "new_periods"),
    ("unique patients", "unique_patients"),
    ("total completed", "completed"),
    ("unreported removals as a %", "unreported_removals_share"),
    ("unreported removals", "unreported_removals"),
    ("total removals", "removals"),
)

MEASURES = (
    (r"median", "median_weeks"),
    (r"(\d+)(?:st|nd|rd|th) percentile", r"p\1_weeks"),
    (r"no\. within 18 weeks", "within_18"),
    (r"% within 18 weeks", "share_within_18"),
    (r"no\. >\s*(\d+) weeks", r"over_\1"),
    (r"% >\s*(\d+) weeks", r"share_over_\1"),
    (r"ratio of", "ratio"),
    (r".* as a % of", "share"),
    (r"(?:total|no\. of|estimated number of)\b", "total"),
)
WITH_ESTIMATES = "_with_estimates"


def measure_key(section: str, heading: str) -> str | None:
    """'Incomplete RTT pathways', 'No. > 52 weeks' -> 'incomplete.over_52'; None if it is not known."""
    section_key = _section_key(section)
    words = " ".join(heading.lower().split())
    plain, estimates, _ = re.sub(r",? with estimates.*", "\0", words).partition("\0")
    for pattern, key in MEASURES:
        match = re.match(pattern, plain)
        if section_key and match:
            return f"{section_key}.{match.expand(key)}{WITH_ESTIMATES if estimates else ''}"
    return None


def _section_key(section: str) -> str | None:
    # "Admitted (unadjusted)" is what is published today; "(adjusted)" for clock pauses ended in 2015.
    words = " ".join(section.lower().split()).replace("(unadjusted)", "")
    return next((key for part, key in SECTIONS if part in words), None)

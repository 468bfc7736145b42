"""The headings of published tables, and the key under which each column's figures are kept.

Headings are known by their words, not their place: columns come and go between publications. A key says the
section and the measure, such as "incomplete.over_52" or "admitted.p95_weeks"; a column "with estimates for
missing data" is a measure of its own, since it is not what trusts returned.
"""

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
# The headings of the tables by provider and commissioner; the first that fits, the narrower first.
TABLE_MEASURES = (
    (r"patients with unknown clock start.*", "unknown_clock_start"),
    (r"total number of completed pathways \(with a known clock start\)", "total_known"),
    (r"total number of completed pathways(?: \(all\))?", "total"),
    (r"total number of incomplete pathways(?: \(all\))?", "total"),
    (r"number of new rtt (?:clock starts|periods).*", "total"),
    (r"total (?:\(with a known clock start\) )?within 18 weeks", "within_18"),
    (r"% (?:\(with a known clock start\) )?within 18 weeks", "share_within_18"),
    (r"(?:total|number|no\.).* within 18 weeks", "within_18"),
    (r"(?:%|percentage|per cent).* within 18 weeks", "share_within_18"),
    (r".*\(?median\)? waiting time.*", "median_weeks"),
    (r"(\d+)(?:st|nd|rd|th) percentile.*", r"p\1_weeks"),
    (r"total (\d+) plus weeks", r"over_\1"),
    (r"% (\d+) plus weeks", r"share_over_\1"),
    (r"(\d+) plus", r"over_\1"),  # the last band, at 104 weeks or at 52, is a threshold as well
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


def table_measure(heading: str) -> str | None:
    """'Total 52 plus weeks' -> 'over_52', of a table by organisation; None for what is no such figure."""
    words = " ".join(heading.lower().split())
    for pattern, key in TABLE_MEASURES:
        if match := re.fullmatch(pattern, words):
            return match.expand(key)
    return None


def is_computed(measure: str) -> bool:
    """Whether a measure is a share or a number of weeks, which may be too few to compute, and no count."""
    return measure.endswith("_weeks") or measure.startswith("share")


def _section_key(section: str) -> str | None:
    # "Admitted (unadjusted)" is what is published today; "(adjusted)" for clock pauses ended in 2015.
    words = " ".join(section.lower().split()).replace("(unadjusted)", "")
    return next((key for part, key in SECTIONS if part in words), None)

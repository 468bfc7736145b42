"""What providers' forecasts gained on the last value before their cells were added up: the floor since.

Per cent at 1 to 6 months, from the twelve months of April 2024 to March 2025: the table in docs/decisions.md,
"England is the sum of its cells".
"""

PROVIDERS = {
    "share_within_18": (8.32, 12.26, 12.26, 8.03, 10.65, 11.40),
    "over_52": (22.62, 25.40, 28.59, 30.68, 31.26, 31.03),
    "over_18": (13.30, 16.10, 16.75, 15.00, 15.34, 15.93),
    "total": (6.49, 7.78, 9.18, 9.67, 9.47, 9.29),
}
ROUNDED = 0.006

"""The reference tables packaged with the rules, `rtt/reference/*.csv`."""

import csv
import io
from importlib import resources


def table(name: str) -> list[dict[str, str]]:
    """The rows of `rtt/reference/<name>.csv`, by column."""
    text = resources.files("rtt").joinpath("reference", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))

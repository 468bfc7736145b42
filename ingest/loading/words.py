"""What became of a file, in the words that `rtt load` and the upload page both use."""

from datetime import date

from ingest.loading.load import LoadResult
from rtt.terms.wording import plural

PROBLEMS_SHOWN = 100


def result_line(result: LoadResult) -> str:
    """One line: what the file was, how many rows, how fast, what was left out."""
    if result.state == "refused":
        return f"{result.file_name}: refused; nothing of it was written"
    what = " ".join(filter(None, (result.source, result.provider_code)))
    if result.census_date is not None:
        what += f" {in_full(result.census_date)}"
    if result.state == "unchanged":
        return f"{result.file_name}: {what}, already loaded and unchanged"
    rate = result.rows_read / result.seconds if result.seconds else 0
    line = f"{result.file_name}: {what}, {plural(result.rows_read, 'row')} {result.state}"
    line += f" in {result.seconds:.1f} s ({plural(round(rate), 'row')} a second)"
    if result.rows_left_out:
        line += f", {result.rows_left_out:,} left out"
    return line + (", in place of the one loaded" if result.replaced else "")


def problem_lines(result: LoadResult) -> list[str]:
    """Row by row: what was wrong, what was expected, what became of the row; the first hundred."""
    lines = [f"{problem.severity}: {problem}" for problem in result.problems[:PROBLEMS_SHOWN]]
    more = len(result.problems) - PROBLEMS_SHOWN
    return [*lines, f"and {more:,} more like these"] if more > 0 else lines


def in_full(day: date) -> str:
    """31 March 2025."""
    return f"{day.day} {day:%B %Y}"

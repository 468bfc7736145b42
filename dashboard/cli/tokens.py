"""`rtt tokens`: a list of tokens beside local identifiers, for somebody who already holds the list."""

import re
from collections.abc import Sequence
from pathlib import Path

from dashboard.cli.outcomes import DONE, REFUSED, WrongUse, say
from dashboard.settings.settings import from_environment
from ingest.extracts.ptl.token_list import UnsafePlace, token_list
from ingest.extracts.ptl.tokens import key_of
from ingest.files.problems import Refused
from rtt.terms.wording import plural

_SHOWN = 20
_TOKEN = re.compile(r"[A-Za-z2-7]{3}-[A-Za-z2-7]{16}")


def list_tokens(named: Sequence[Path], *, out: Path, only: Sequence[str], mapping: Path | None) -> int:
    """Write the list; 3 if a file was refused, and then nothing is written."""
    settings = from_environment()
    files, wanted = _parted(named, only)
    try:
        listed = token_list(
            files,
            key_of(settings.home, settings.token_key, make=False),
            out=out,
            home=settings.home,
            only=wanted,
            mapping=mapping,
        )
    except UnsafePlace as place:
        raise WrongUse(str(place)) from None
    except Refused as refusal:
        for problem in refusal.problems:
            say(f"  {problem.severity}: {problem}")
        return REFUSED
    rows = plural(listed.rows, "row")
    say(f"{rows} in {out.name}, which only you can read. Delete it after use.")
    if listed.missing:
        say(_missing(listed.missing, len(set(wanted))))
    return DONE


def _missing(tokens: Sequence[str], asked: int) -> str:
    """Tokens identify nobody and are listed; anything else may be an identifier and is only counted."""
    real = [token for token in tokens if _TOKEN.fullmatch(token)]
    words = [*real[:_SHOWN], *([f"{len(real) - _SHOWN:,} more"] if len(real) > _SHOWN else [])]
    if others := len(tokens) - len(real):
        words.append(f"{others:,} that cannot be a token such as FJ2-2JA6QH7MKBMCPYRQ")
    return f"Not in these files: {len(tokens):,} of the {asked:,} asked for ({', '.join(words)})."


def _parted(named: Sequence[Path], only: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Files, and tokens: those after the first of `--only` arrive among the files; commas part them too."""
    wanted = [token for text in only for token in re.split(r"[,\s]+", text) if token]
    files: list[Path] = []
    for path in named:
        if only and not path.exists() and _TOKEN.fullmatch(str(path)):
            wanted.append(str(path))
        elif path.is_file():
            files.append(path)
        else:
            raise WrongUse(f"{path}: file not found")
    if not files:
        raise WrongUse("Name at least one file: rtt tokens FILE... --out LIST.csv")
    return files, wanted

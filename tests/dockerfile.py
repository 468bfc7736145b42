"""The Dockerfile as steps and what they say of the image, for tests that check or follow it without Docker.

It knows the instructions and forms that ours is written in and refuses every other: a step that was passed
over would be a step that nobody tested. Nothing here runs anything; `tests/soak/test_dockerfile.py` does.
"""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

INSTRUCTIONS = frozenset(
    {"FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}
)
# In these the shell resolves variables and reads options; elsewhere Docker would, and we do not.
OF_THE_SHELL = frozenset({"RUN", "CMD", "HEALTHCHECK"})


class NotUnderstood(ValueError):
    """A line of the Dockerfile or of .dockerignore that these tests do not know how to follow."""


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction, its continuation lines joined and its comments left out."""

    instruction: str
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """What the steps so far say of the image, besides its files."""

    base: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    volumes: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    health_check: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


def steps_of(text: str) -> list[Step]:
    """The steps in their order. Raises `NotUnderstood`."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\[ \t]*\n", "", "\n".join(lines))
    return [_step(line) for line in joined.splitlines()]


def _step(line: str) -> Step:
    instruction, _, text = line.strip().partition(" ")
    text = text.strip()
    if instruction not in INSTRUCTIONS or not text:
        raise NotUnderstood(line)
    if instruction not in OF_THE_SHELL and "$" in text:
        raise NotUnderstood(f"a variable in {line}")
    if instruction != "HEALTHCHECK" and text.startswith("--"):
        raise NotUnderstood(f"an option in {line}")
    if "<<" in text:
        raise NotUnderstood(f"a text within the file in {line}")
    return Step(instruction, text)


def after(image: Image, step: Step) -> Image:
    """The image once the step is made; RUN and COPY change its files alone. Raises `NotUnderstood`."""
    match step.instruction:
        case "FROM":
            return _from(image, step.text)
        case "ENV":
            return replace(image, environment=image.environment | _variables(step.text))
        case "WORKDIR":
            return replace(image, folder=str(PurePosixPath(image.folder, step.text)))
        case "USER":
            return replace(image, user=step.text)
        case "VOLUME":
            return replace(image, volumes=(*image.volumes, *_words(step.text)))
        case "EXPOSE":
            return replace(image, ports=(*image.ports, *map(int, step.text.split())))
        case "HEALTHCHECK":
            return replace(image, health_check=_health_check(step.text))
        case "CMD":
            return replace(image, command=_command(step.text))
    return image


def image_of(steps: list[Step]) -> Image:
    """What all steps together say."""
    image = Image()
    for step in steps:
        image = after(image, step)
    return image


def _from(image: Image, base: str) -> Image:
    if image.base or len(base.split()) != 1:
        raise NotUnderstood(f"more than one stage: FROM {base}")
    return replace(image, base=base)


def _variables(text: str) -> dict[str, str]:
    pairs = [word.partition("=") for word in shlex.split(text)]
    if not all(equals for _, equals, _ in pairs):
        raise NotUnderstood(f"ENV without = in {text}")
    return {name: value for name, _, value in pairs}


def _words(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text.startswith("[") else tuple(text.split())


def _command(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text.startswith("[") else ("/bin/sh", "-c", text)


def _health_check(text: str) -> tuple[str, ...]:
    found = re.fullmatch(r"(?:--(?:interval|timeout|start-period|retries)=\w+\s+)*CMD\s+(.+)", text)
    if not found:
        raise NotUnderstood(f"HEALTHCHECK {text}")
    return _command(found[1])


def copied(context: Path, source: str) -> Iterator[tuple[Path, PurePosixPath]]:
    """What `COPY source` takes: each file of the context that .dockerignore lets in, and its path below the
    destination. Raises `NotUnderstood`.
    """
    patterns = _patterns((context / ".dockerignore").read_text())
    origin = context / source
    files = [origin] if origin.is_file() else sorted(_files(origin, context, patterns))
    for path in files:
        if not _ignored(PurePosixPath(path.relative_to(context)), patterns):
            yield path, PurePosixPath(path.relative_to(origin if origin.is_dir() else origin.parent))


def _files(folder: Path, context: Path, patterns: list[tuple[str, ...]]) -> Iterator[Path]:
    # Not rglob: it would walk through the environment and the caches only to leave them out again.
    for path in folder.iterdir():
        if _ignored(PurePosixPath(path.relative_to(context)), patterns):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _files(path, context, patterns)
        else:
            yield path


def _patterns(text: str) -> list[tuple[str, ...]]:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for line in lines:
        if line.startswith("!"):
            raise NotUnderstood(f"an exception in .dockerignore: {line}")
    return [PurePosixPath(line.strip("/")).parts for line in lines]


def _ignored(path: PurePosixPath, patterns: list[tuple[str, ...]]) -> bool:
    """Whether the path, or a folder above it, is left out."""
    tops = [path.parts[: length + 1] for length in range(len(path.parts))]
    return any(_matches(top, pattern) for top in tops for pattern in patterns)


def _matches(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[skipped:], pattern[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])

"""How the text of an environment variable becomes the value of a setting.

A setting is the environment variable RTT_ and the field's name in capitals, unless its field names another.
"""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AliasGenerator, BaseModel, BeforeValidator, ConfigDict, Field


def of_text(convert: Callable[[str], Any]) -> BeforeValidator:
    return BeforeValidator(lambda given: convert(given) if isinstance(given, str) else given)


def names(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def digits(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError
    return int(text)


def whole(default: int, least: int, most: int) -> Any:
    expected = f"a whole number from {least} to {most}"
    return Field(default, ge=least, le=most, description=expected)


Names = Annotated[tuple[str, ...], of_text(names)]
Groups = Annotated[frozenset[str], of_text(names)]
Whole = Annotated[int, of_text(digits)]


class OfVariables(BaseModel):
    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=lambda name: f"RTT_{name.upper()}"),
        arbitrary_types_allowed=True,
        frozen=True,
        hide_input_in_errors=True,
        validate_by_name=True,
    )

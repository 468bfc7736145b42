"""The knobs of the product and their defaults, each with its reason, from the environment."""


class SettingError(Exception):
    """A setting has an unusable value; the message names it and what was expected."""

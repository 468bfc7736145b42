"""Settings: read from the environment once, and handed on."""

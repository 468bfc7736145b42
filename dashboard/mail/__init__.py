"""The weekly email."""

"""Data status."""

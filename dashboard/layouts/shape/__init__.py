"""Waiting list shape."""

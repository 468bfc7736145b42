"""Predicted breaches."""

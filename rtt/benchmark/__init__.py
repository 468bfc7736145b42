"""Comparison of providers: funnels and standardisation."""

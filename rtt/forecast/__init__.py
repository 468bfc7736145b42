"""Forecasts: of monthly returns, of weekly lists, and how good they have been."""

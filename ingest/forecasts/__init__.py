"""Forecasts issued from what the database holds."""

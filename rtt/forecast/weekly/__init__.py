"""Forecasts of a PTL: weekly hazards of each pathway, put together for specialties and lists."""

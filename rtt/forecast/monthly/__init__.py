"""Forecasts of the monthly return: methods, intervals and back-tests."""

"""Figures that NHS England publishes, to reconcile with: the time series and the workbooks of a month."""

"""How forecasts are scored, whichever method made them."""

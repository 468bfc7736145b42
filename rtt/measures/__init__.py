"""What is measured: facts by week band, percentiles, indicators, standards, who will breach, data quality."""

"""What referral to treatment (RTT) means: day counts, bands, indicators, forecasts. Pure arithmetic.

Nothing here reads an extract, speaks SQL or draws. The only things read are the small reference tables
packaged in `rtt/reference`.
"""

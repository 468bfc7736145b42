"""How many week bands a census has, and what their columns are called. Which days a band holds:
`rtt.terms.waits`.

Apart from it because a load that finds an unchanged file needs these names and no arrays: numpy would be a
seventh of its time.
"""

BANDS = 105
OPEN_BAND = 104
BAND_COLUMNS = tuple(f"w{band:03d}" for band in range(BANDS))

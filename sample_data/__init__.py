"""A simulated region in the formats the product accepts: four trusts that do not exist, and their patients.

`build` writes files; `simulate` returns the pathways behind them, for tests that need the truth. It uses
none of the product's readers, so the two can disagree.
"""

from sample_data.building import Sample, SampleFiles, build, region
from sample_data.pathways import Bookings, Simulation
from sample_data.simulation import simulate

__all__ = ["Bookings", "Sample", "SampleFiles", "Simulation", "build", "region", "simulate"]

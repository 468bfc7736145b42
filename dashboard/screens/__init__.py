"""Wall screens: one figure each, read from across a ward."""

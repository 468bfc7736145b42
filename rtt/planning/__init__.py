"""What it would take: the flows of a list, its projection under changed stops, and what a target needs."""

"""The patient tracking list, and whom to book next."""

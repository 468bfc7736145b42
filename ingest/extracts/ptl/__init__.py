"""A trust's patient tracking list."""

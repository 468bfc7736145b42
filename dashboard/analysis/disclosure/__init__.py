"""Small-number suppression applied: what a reader may see of a scope, for every page, pack, screen and
export.
"""

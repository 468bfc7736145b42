"""The formats of a pack, one folder each."""

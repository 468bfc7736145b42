"""What stands in a pack, before it is any file."""

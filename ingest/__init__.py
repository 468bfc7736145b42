"""How extracts get in: read a file, check it, and write its facts in one transaction."""

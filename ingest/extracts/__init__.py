"""One module for each format an extract may come in."""

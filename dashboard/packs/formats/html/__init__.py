"""One HTML file."""

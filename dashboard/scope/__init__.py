"""From filters to a scope: organisations, returns, and what is loaded of them."""

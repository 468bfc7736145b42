"""Board pack."""

"""PDF/UA."""

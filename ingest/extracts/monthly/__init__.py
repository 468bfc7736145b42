"""NHS England's monthly full extract."""

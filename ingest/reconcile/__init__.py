"""Our figures beside the published ones."""

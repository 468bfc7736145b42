"""NHS England's published files by themselves: found by their links, downloaded, checked and loaded."""

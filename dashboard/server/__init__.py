"""What every request passes, whatever its page: rights, guard, headers, logs, static files."""

"""What gunicorn reads when it starts in this folder; all else is said on its command line."""

logger_class = "dashboard.server_log.ServerLog"

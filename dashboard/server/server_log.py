"""Gunicorn's own lines in the shape of ours (`dashboard.server.logs`).

Gunicorn is started with --logger-class dashboard.server.server_log.ServerLog.

An access log, where one is asked for (--access-logfile -), has a field for each thing, and of the address its
path alone: the query says whose figures were wanted, and may hold a wall screen's token. Of a path that leads
nowhere, or was refused, only a beginning of ours is written.

The log is also where gunicorn is told to count repeated headers (`dashboard.server.repeated_headers`).
"""

from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from dashboard.server import logs, repeated_headers
from dashboard.server.logs import Line


class ServerLog(Logger):  # type: ignore[misc]
    """What gunicorn logs through, in its first process and in every worker."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        # A server without this log would not know which headers came twice: it is set here and not by
        # one more option of the command line that somebody could leave out.
        cfg.set("pre_request", repeated_headers.note)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(Line())

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        if not self.access_log_enabled:
            return
        status = str(resp.status).split()[0]
        path = environ.get(logs.PATH, environ.get("PATH_INFO", ""))
        fields = {
            "method": environ.get("REQUEST_METHOD", ""),
            "path": logs.loggable_path(path, is_known=logs.PATH in environ, status=int(status)),
            "status": status,
            "bytes": getattr(resp, "sent", 0),
            "ms": round(request_time / timedelta(milliseconds=1)),
            "from": environ.get("REMOTE_ADDR", ""),
        }
        self.access_log.info("answered", extra={"fields": fields})

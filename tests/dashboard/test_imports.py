"""What a server holds before anybody asks: each library costs every worker its memory."""

import os
import subprocess
import sys

from tests import servers

_ASKED = "import app, sys; print(sorted({'pandas', 'polars', 'alembic', 'typer'} & set(sys.modules)))"


def test_a_server_starts_without_what_only_loads_and_exports_need(tmp_path):
    for _ in ("makes the database", "finds it"):
        ran = subprocess.run(
            [sys.executable, "-c", _ASKED],
            cwd=servers.ROOT,
            env=os.environ | {"RTT_HOME": str(tmp_path), "RTT_DATABASE_URL": f"sqlite:///{tmp_path}/a.db"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stdout.strip() == "[]"

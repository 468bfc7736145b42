"""The `rtt` command.

Figures and nothing else go to standard output; progress and messages to standard error. Exit codes: 0 done,
1 a fault of ours, 2 wrong use, 3 a file was refused (nothing of it was written), `watch` had to leave it or
`fetch` did not find it, 4 `reconcile` or `fetch` found a difference or `pack` made a draft.
"""

import sys


def main() -> None:
    """Run the command; whatever goes wrong ends in a sentence and an exit code, never in a traceback."""
    if sys.argv[1:] == ["--help"]:
        from dashboard.cli.help import HELP

        sys.stdout.write(HELP)
        return
    import atexit
    import gc

    # A load makes millions of small values that live until its end: to look through them again and again for
    # what could be forgotten takes a tenth of its time.
    gc.set_threshold(200_000, 20, 100)
    # Nor when all of it ends: that takes a tenth of a second.
    atexit.register(gc.freeze)
    from dashboard.cli.commands import only

    command = only(sys.argv[1] if sys.argv[1:] else "")
    if "--help" not in sys.argv:
        from dashboard.cli.outcomes import log_file
        from dashboard.server import logs

        logs.to_file(log_file)
    try:
        command()
    except Exception as error:
        from dashboard.cli.outcomes import explain

        sys.exit(explain(error))

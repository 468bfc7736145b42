"""The WSGI entry: `gunicorn app:server`."""

import gc

from dashboard.application import create_app
from dashboard.server import logs
from dashboard.settings.settings import from_environment
from dashboard.store.served import served_engine
from ingest.files import temporary

logs.to_standard_error()
settings = from_environment()
temporary.keep_temporary_files_in(settings.home)
server = create_app(served_engine(settings), settings).server

# What is loaded by now stays: the collector need not look through it (100 ms) in the middle of a page, nor
# after each few hundred of the components that a page is made of.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)

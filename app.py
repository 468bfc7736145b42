"""The WSGI entry: `gunicorn app:server`."""

from dashboard.application import create_app
from dashboard.queries.served import served_engine
from dashboard.settings import from_environment

settings = from_environment()
server = create_app(served_engine(settings), settings).server

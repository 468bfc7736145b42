"""The WSGI entry: `gunicorn app:server`."""

from dashboard.application import create_app
from dashboard.settings import from_environment
from ingest.database import make_engine, migrate

settings = from_environment()
engine = make_engine(settings.database_url)
migrate(engine)
server = create_app(engine, settings).server

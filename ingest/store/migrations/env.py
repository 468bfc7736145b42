"""Runs the migrations on the connection that `ingest.store.database.migrate` hands over."""

from alembic import context

from ingest.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()

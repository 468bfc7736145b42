"""The database: schema, migrations, connections, what is held and what ran."""

"""Alembic environment of the data database; `caseapp migrate` and the tests hand over the connection."""

from alembic import context

from caseapp.schema import data_metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=data_metadata(),
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="caseapp.db.types.",
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET lock_timeout = '5s'")
    context.run_migrations()

"""Alembic environment of the keystore."""

from alembic import context

from caseapp.keystore import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="caseapp.db.types.",
)
with context.begin_transaction():
    context.run_migrations()

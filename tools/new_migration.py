"""Write a migration from the difference between the models and the migrations so far.

.venv/bin/python -m tools.new_migration data "Add goals"
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from caseapp import schema
from caseapp.db.unit import make_engine


def main(which: str, message: str) -> None:
    """Migrate an empty scratch database, compare it with the models, write the next numbered version."""
    versions = schema.MIGRATIONS / which / "versions"
    number = f"{len(list(versions.glob('[0-9]*.py'))) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'scratch.db'}")
        if number != "0001":
            schema.migrate(engine, which)
        with engine.connect().execution_options(write_intent=True) as connection:
            command.revision(schema.config(which, connection), message, autogenerate=True, rev_id=number)
        engine.dispose()
    (schema.MIGRATIONS / which / "HEAD").write_text(number + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

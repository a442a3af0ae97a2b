"""What a database keeps of deleted rows, and how to be rid of it."""

from __future__ import annotations

from sqlalchemy import Engine


def drop_remains(engine: Engine) -> bool:
    """Empty SQLite's write-ahead file, which still holds pages as they were; free pages were overwritten before.

    False when somebody reads at this moment: then it is done at a later call, or when the last connection closes.
    PostgreSQL reuses its files in its own time (docs/operating.md): nothing to do, True.
    """
    if engine.dialect.name != "sqlite":
        return True
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        row = cursor.fetchone()
        cursor.close()
    finally:
        raw.close()
    return row is not None and row[0] == 0  # 1: somebody else is reading or writing

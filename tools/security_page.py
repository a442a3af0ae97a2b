"""Write the tables of `docs/security.md` from the declarations: what is sealed, what stays plain, who may do what.

.venv/bin/python -m tools.security_page
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import LargeBinary, String

from caseapp import schema
from caseapp.sealed import sealed_columns
from caseapp.security.actor import Role
from caseapp.security.permissions import GRANTS, NEEDS_PROFESSIONAL_LEAD, NEEDS_WHOLE_CARRIER, Permission

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "security.md"
_PART = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """A column with text or bytes that no descriptor seals. `treatment` is text, digest or sealed (by its slice)."""

    treatment: str
    reason: str


def plain_columns() -> dict[str, PlainColumn]:
    """The decisions of `config/plain_columns.csv`, by `table.column`."""
    with (ROOT / "config" / "plain_columns.csv").open(encoding="utf-8", newline="") as source:
        return {
            f"{row['table']}.{row['column']}": PlainColumn(row["treatment"], row["reason"])
            for row in csv.DictReader(source)
        }


def rendered() -> str:
    """The page with fresh tables; what stands around them is kept."""
    tables = {"sealed": _sealed(), "plain": _plain(), "other": _other(), "roles": _roles()}
    return _PART.sub(lambda part: f"{part[1]}{tables[part[2]]}\n{part[3]}", PAGE.read_text(encoding="utf-8"))


def _sealed() -> str:
    schema.data_metadata()
    lines = ["| table | sealed record | fields |", "|---|---|---|"]
    for owner, sealed in sorted(sealed_columns(), key=lambda pair: (str(pair[0].__name__), pair[1].name)):
        table = getattr(owner, "__tablename__", "")
        if table:
            fields = ", ".join(sealed.record.__struct_fields__)
            lines.append(f"| {table} | {sealed.name} ({sealed.record.__name__}) | {fields} |")
    return "\n".join(lines)


def _plain() -> str:
    lines = ["| column | what it is and why it may stay |", "|---|---|"]
    lines += [f"| {name} | {column.reason} |" for name, column in sorted(plain_columns().items())]
    return "\n".join(lines)


def _other() -> str:
    """Columns of dates, numbers, marks and ids, by table: plain because lists, due dates and figures need them."""
    lines = ["| table | dates, numbers, marks, ids |", "|---|---|"]
    for table in sorted(schema.data_metadata().tables.values(), key=lambda table: table.name):
        names = [column.name for column in table.columns if not isinstance(column.type, LargeBinary | String)]
        lines.append(f"| {table.name} | {', '.join(names)} |")
    return "\n".join(lines)


def _roles() -> str:
    roles = (Role.CASEWORKER, Role.LEAD, Role.COORDINATOR, Role.FUNDER, Role.DPO, Role.ADMIN, Role.GUEST)
    lines = [
        "| permission | " + " | ".join(role.value for role in roles) + " | note |",
        "|---|" + "---|" * (len(roles) + 1),
    ]
    for permission in Permission:
        reaches = [GRANTS[permission].get(role) for role in roles]
        cells = [reach.name.lower() if reach else "–" for reach in reaches]
        note = 'lead only with the mark "fachliche Leitung"' if permission in NEEDS_PROFESSIONAL_LEAD else ""
        note = "only with a duty for the whole carrier" if permission in NEEDS_WHOLE_CARRIER else note
        lines.append(f"| {permission.value} | {' | '.join(cells)} | {note} |")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")

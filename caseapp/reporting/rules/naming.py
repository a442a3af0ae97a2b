"""What the files of a report are called and of what kind they are."""

from __future__ import annotations

ENDINGS = {"pdf": "pdf", "xlsx": "xlsx", "csv": "zip", "json": "json"}
MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "application/zip",
    "json": "application/json",
}


def stem(number: str) -> str:
    """`bericht-08117-2026-q3`: begins the name of every file of the report of this number."""
    return f"bericht-{number.lower()}"


def file_name(number: str, kind: str) -> str:
    """`bericht-08117-2026-q3.xlsx`; the archive of CSV files is `bericht-08117-2026-q3-csv.zip`."""
    return f"{stem(number)}{'-csv' if kind == 'csv' else ''}.{ENDINGS[kind]}"

"""What the files of a report are called and of what kind they are."""

from __future__ import annotations

LIST = "list"  # the signed list of the other files
ENDINGS = {"pdf": "pdf", "xlsx": "xlsx", "csv": "zip", "json": "json", LIST: "json"}
_SUFFIX = {"csv": "-csv", LIST: "-dateien"}
MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "application/zip",
    "json": "application/json",
    LIST: "application/json",
}


def stem(number: str) -> str:
    """`bericht-08117-2026-q3`: begins the name of every file of the report of this number."""
    return f"bericht-{number.lower()}"


def file_name(number: str, kind: str) -> str:
    """`bericht-08117-2026-q3.xlsx`; the CSV files are `…-csv.zip`, the signed list is `…-dateien.json`."""
    return f"{stem(number)}{_SUFFIX.get(kind, '')}.{ENDINGS[kind]}"

"""What the rows of a client list become: new files, and rows that are reported because the person has one already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import msgspec

from caseapp.db import new_id
from caseapp.imports import queries
from caseapp.imports.rules.cells import plain
from caseapp.imports.rules.counters import counted
from caseapp.imports.rules.findings import Finding, Level, mapped_columns, name_of, reported, unclear_cells
from caseapp.imports.rules.headings import Mapping
from caseapp.imports.rules.rows import ClientRow, read_rows
from caseapp.imports.rules.stored import unpack_stored
from caseapp.imports.rules.tables import Sheet
from caseapp.imports.service import client_files
from caseapp.imports.service.comparing import Comparison, Verdict
from caseapp.imports.service.plans import Plan, PlannedFile, Progress
from caseapp.imports.service.samples import SAMPLES, client_sample
from caseapp.imports.service.targets import Target, WorkerFinder, lookups_of

_EVERY = 200


def plan_clients(target: Target, sheet: Sheet, mapping: Mapping, progress: Progress) -> Plan:
    """Every row decided. Reads the heads of the carrier; the caller records that they were compared."""
    read = read_rows(sheet, mapping, lookups_of(target))
    rows = [row for row in read.rows if isinstance(row, ClientRow)]
    known = queries.list_known(target.organisation_id)
    comparison = Comparison(known, unpack_stored(queries.read_stored_parts(target.organisation_id)), rows)
    workers, mapped = WorkerFinder(target), mapped_columns(mapping)
    files: list[PlannedFile] = []
    findings: list[Finding] = []
    families: list[str] = []
    for place, row in enumerate(rows):
        if place % _EVERY == 0:
            progress(place, len(rows))
        verdict = Verdict() if row.problems else comparison.judge(row)
        if row.problems or verdict.refusal:
            findings.append(_refused(row, verdict))
            continue
        files.append(_planned(row, target, workers, verdict))
        families.append(plain(row.family))
        findings += _to_look_at(row, verdict, mapped)
    progress(len(rows), len(rows))
    return Plan(
        mapping=mapping,
        counters=counted(read, also_reported=sum(not row.problems for row in rows) - len(files)),
        findings=findings,
        unmatched_workers=tuple(workers.unmatched.most_common()),
        known=frozenset(each.client_id for each in known),
        files=_in_households(files, families),
        samples=[client_sample(planned.number, planned.new, target) for planned in files[:SAMPLES]],
    )


def _planned(row: ClientRow, target: Target, workers: WorkerFinder, verdict: Verdict) -> PlannedFile:
    worker_id = workers.find(row.worker)
    new = client_files.new_file(row, target, worker_id)
    if verdict.hints:
        new = replace(new, body=msgspec.structs.replace(new.body, marks=(*new.body.marks, *verdict.hints)))
    digest = client_files.digest_of(row) if client_files.needs_digest(row) else b""
    return PlannedFile(row.number, new, digest)


def _refused(row: ClientRow, verdict: Verdict) -> Finding:
    return reported(
        row, row.problems or (verdict.refusal,), client_id=verdict.client_id, file_number=verdict.file_number
    )


def _to_look_at(row: ClientRow, verdict: Verdict, mapped: frozenset[int]) -> list[Finding]:
    if not (verdict.hints or row.marks):
        return []
    return [
        Finding(
            number=row.number,
            level=Level.HINT if verdict.hints else Level.MARK,
            name=name_of(row),
            reasons=verdict.hints,
            marks=row.marks,
            cells=unclear_cells(row, mapped) if row.marks else (),
            client_id=verdict.client_id,
            file_number=verdict.file_number,
        )
    ]


def _in_households(files: Sequence[PlannedFile], families: Sequence[str]) -> list[PlannedFile]:
    """Rows with the same family number live together; a number that one row alone has makes no household."""
    sizes = Counter(families)
    households: dict[str, UUID] = {family: new_id() for family, size in sizes.items() if family and size > 1}
    return [
        replace(planned, new=replace(planned.new, household_id=households[family])) if family in households else planned
        for planned, family in zip(files, families, strict=True)
    ]

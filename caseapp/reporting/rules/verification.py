"""Is this file what was released? Each form of a report proves itself by the signed package that it carries.

The package is checked first (digest, signature, number, sums). Then everything else of the file is made again from it
and compared, cell by cell. A PDF carries no package: it is compared with the text of a newly printed one, if somebody
can print (`Printed`), or by the digest of its bytes, if somebody keeps it.
"""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from caseapp.i18n import gettext as _
from caseapp.reporting.rules import bundle, signed
from caseapp.reporting.rules.comparing import changed_file, changed_sheet, changed_text
from caseapp.reporting.rules.file_list import FileList
from caseapp.reporting.rules.package import Released
from caseapp.reporting.rules.sheets import package_text, sheets
from caseapp.reporting.rules.signed import FileError
from caseapp.reporting.rules.unpacking import Cells, read_workbook, unpack

MOST_FINDINGS = 20
_SPACE = re.compile(r"\s+")
PageTexts = Sequence[str]


class Kind(enum.StrEnum):
    """The forms of a report."""

    PACKAGE = "json"
    TABLES = "csv"
    WORKBOOK = "xlsx"
    PDF = "pdf"


KINDS = {
    Kind.PACKAGE: "signierter Bericht (JSON)",
    Kind.TABLES: "Tabellen (CSV)",
    Kind.WORKBOOK: "Arbeitsmappe (XLSX)",
    Kind.PDF: "PDF",
}


@dataclass(frozen=True)
class Pages:
    """How to read a PDF, and how to print a release anew; both only where that is possible and wanted."""

    text: Callable[[bytes], PageTexts]
    make: Callable[[Released], bytes]


@dataclass(frozen=True)
class Verdict:
    """What was found out about a file. It is genuine if there are no problems; remarks limit what that means.

    `confirmed`: the key that signed is the expected one. Without that anybody could have signed something invented.
    `listed`: the number of the report on whose signed list the file stands.
    """

    kind: Kind
    released: Released | None
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    confirmed: bool = False
    listed: str = ""

    @property
    def number(self) -> str:
        """The number of the report that the file belongs to; "" where that is not known."""
        return self.released.package.number if self.released else self.listed

    @property
    def genuine(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.problems


@dataclass(frozen=True)
class Beside:
    """What a file is compared with: signed reports, the signed list of files, a PDF printed anew. All may be missing.

    `key`: the public key (hexadecimal) that must have signed; "" takes any and says which it was.
    """

    packages: Sequence[Released] = ()
    files: FileList | None = None
    pages: Pages | None = None
    key: str = ""

    def for_text(self, text: str) -> Released | None:
        """The report whose digest the text names; else the first one."""
        return next((each for each in self.packages if each.digest in text), self.first)

    @property
    def first(self) -> Released | None:
        """The report that was named first."""
        return self.packages[0] if self.packages else None


NOTHING = Beside()


def verify(content: bytes, *, beside: Beside = NOTHING, name: str = "") -> Verdict:
    """Check one file of a report. FileError if it is none.

    `name`: of a single CSV file, which says which table it is. A file on the signed list is genuine byte for byte.
    """
    kind = kind_of(content, name)
    if beside.files is not None and file_digest(content) in beside.files.files.values():
        return _listed(kind, beside.files, beside.key)
    match kind:
        case Kind.PACKAGE:
            verdict = Verdict(kind, signed.read(content))
        case Kind.TABLES if content.startswith(b"PK"):
            verdict = compare_tables(unpack(content))
        case Kind.TABLES:
            verdict = _single_table(content, name, beside.first)
        case Kind.WORKBOOK:
            verdict = _compare_workbook(read_workbook(content), beside.first)
        case Kind.PDF:
            verdict = _compare_pdf(content, beside)
    if beside.files is not None:
        changed = _("Die Datei steht so nicht auf der Liste der Dateien von %(number)s.", number=beside.files.number)
        verdict = replace(verdict, problems=(changed, *verdict.problems))
    return judged(verdict, beside)


def _listed(kind: Kind, files: FileList, key: str) -> Verdict:
    remark = _(
        "Byte für Byte wie auf der Liste von %(number)s, unterschrieben mit %(key)s.",
        number=files.number,
        key=files.public_key,
    )
    problems = _key_problems(files.public_key, key)
    return Verdict(kind, None, tuple(problems), (remark,), confirmed=bool(key) and not problems, listed=files.number)


def kind_of(content: bytes, name: str = "") -> Kind:
    """Which form of a report a file is, by its content. FileError for anything else."""
    start = content[:1_000].lstrip()
    if start.startswith(b"{"):
        return Kind.PACKAGE
    if content.startswith(b"%PDF-"):
        return Kind.PDF
    if content.startswith(b"PK"):
        return Kind.WORKBOOK if b"xl/workbook.xml" in content else Kind.TABLES
    if name.casefold().endswith(".csv"):
        return Kind.TABLES
    raise FileError(_("Das ist keine Datei eines Berichts. Möglich sind PDF, XLSX, ZIP mit CSV, CSV und JSON."))


def judged(verdict: Verdict, beside: Beside = NOTHING) -> Verdict:
    """The verdict with what there is to say of the release itself: its proof, its key, the package beside."""
    problems, remarks = list(verdict.problems), list(verdict.remarks)
    found = verdict.released
    if found is not None:
        problems += signed.problems(found) if not found.package.sources or found.signature else _sum_problems(found)
        problems += _key_problems(found.public_key, beside.key)
        if found.package.sources and not found.signature:
            remarks.append(
                _(
                    "Eine Summe ist nicht unterschrieben. Prüfen Sie sie, indem Sie sie aus den Kreisberichten "
                    "wiederholen."
                )
            )
        elif not beside.key:
            remarks.append(
                _(
                    "Unterschrieben mit dem Schlüssel %(key)s. Ob es der richtige ist, sagt nur ein Vergleich mit dem, "
                    "den die herausgebende Stelle nennt (--key).",
                    key=found.public_key[:64],
                )
            )
        if beside.packages and found.digest not in {each.digest for each in beside.packages}:
            problems.insert(0, _other_release(found, beside.packages[0]))
        remarks.append(_("Nicht mit unterschrieben sind Nachträge, der Tag der Freigabe und die Protokollwurzel."))
    confirmed = bool(beside.key and found is not None and not problems)
    return replace(verdict, problems=tuple(problems), remarks=tuple(remarks), confirmed=confirmed)


def compare_tables(files: Mapping[str, bytes]) -> Verdict:
    """The files of the CSV form by name, packed or not, against the signed package among them."""
    if bundle.PACKAGE not in files:
        raise FileError(_("Im Archiv fehlt %(name)s, der unterschriebene Bericht.", name=bundle.PACKAGE))
    released = signed.read(files[bundle.PACKAGE])
    expected = bundle.members(released)
    problems, remarks = [], []
    for name, content in expected.items():
        if name not in files:
            problems.append(_("Die Datei %(name)s fehlt.", name=name))
        elif files[name] != content and name != bundle.PACKAGE:
            found = changed_file(name, content, files[name])
            problems += found
            if not found:
                remarks.append(_("%(name)s ist anders geschrieben, hat aber denselben Inhalt.", name=name))
    for name in sorted(set(files) - set(expected)):
        problems.append(_("Die Datei %(name)s gehört nicht zum Bericht.", name=name[:80]))
    return Verdict(Kind.TABLES, released, tuple(problems), tuple(remarks))


def _single_table(content: bytes, name: str, package: Released | None) -> Verdict:
    if package is None:
        raise FileError(
            _("Eine einzelne CSV-Datei lässt sich nur mit dem signierten Bericht daneben prüfen (--package).")
        )
    expected = bundle.members(package)
    ending = name.replace("\\", "/").split("/")
    wanted = next((each for each in ("/".join(ending[-2:]), ending[-1]) if each in expected), None)
    if wanted is None:
        raise FileError(_("Der Bericht hat keine Tabelle dieses Namens. Lassen Sie der Datei ihren Namen."))
    problems = [] if content == expected[wanted] else changed_file(wanted, expected[wanted], content)
    return Verdict(Kind.TABLES, package, tuple(problems))


def _compare_workbook(found: dict[str, Cells], package: Released | None) -> Verdict:
    released = package
    inside = next((text for cells in reversed(found.values()) if (text := package_text(dict(cells)))), "")
    problems = []
    try:
        released = signed.read(inside.encode())
    except FileError:
        if package is None:
            raise FileError(
                _(
                    "Das Blatt „Nachweis“ fehlt oder ist verändert. Prüfen Sie mit dem signierten Bericht daneben "
                    "(--package)."
                )
            ) from None
        problems.append(_("Das Blatt „Nachweis“ fehlt oder ist verändert."))
    assert released is not None  # noqa: S101  # one of the two was found
    expected = sheets(released)
    for sheet in expected[:-1]:
        if sheet.name not in found:
            problems.append(_("Das Blatt „%(name)s“ fehlt.", name=sheet.name))
        else:
            problems += changed_sheet(sheet, found[sheet.name])
    known = {sheet.name for sheet in expected}
    problems += [
        _("Das Blatt „%(name)s“ gehört nicht zum Bericht.", name=name[:40]) for name in found if name not in known
    ]
    return Verdict(Kind.WORKBOOK, released, tuple(problems))


def _compare_pdf(content: bytes, beside: Beside) -> Verdict:
    """By its text: that of a PDF printed anew from the report beside it, and from earlier ones for its changes."""
    if beside.files is not None:
        return Verdict(Kind.PDF, None)
    if beside.pages is None or not beside.packages:
        raise FileError(
            _(
                "Ein PDF trägt Nummer und Prüfsumme, aber nicht den Bericht. Geben Sie die Liste der Dateien (--list) "
                "oder den signierten Bericht (--package) an."
            )
        )
    said = beside.pages.text(content)
    package = beside.for_text(_SPACE.sub("", "".join(said)))
    assert package is not None  # noqa: S101  # there are some
    if not any(package.digest in _SPACE.sub("", page) for page in said):
        return Verdict(
            Kind.PDF, package, (_("Das PDF nennt die Prüfsumme dieses Berichts nicht: Es ist ein anderer."),)
        )
    problems = changed_text(said, beside.pages.text(beside.pages.make(package)))
    if problems:
        remark = _(
            "Das PDF vergleicht auch mit früheren Berichten. Geben Sie alle, die es damals gab, mit --package an."
        )
    else:
        remark = _("Verglichen wurde der Text; ein Bild im PDF kann verändert sein, ohne dass es auffällt.")
    return Verdict(Kind.PDF, package, tuple(problems), (remark,))


def _key_problems(found: str, wanted: str) -> list[str]:
    if wanted and wanted.strip().casefold() != found.casefold():
        return [_("Unterschrieben hat ein anderer Schlüssel: %(key)s.", key=found[:64] or "–")]
    return []


def _sum_problems(found: Released) -> list[str]:
    """An unsigned sum: everything but the signature."""
    signature = _("Die Unterschrift passt nicht zu Prüfsumme und Schlüssel.")
    return [problem for problem in signed.problems(found) if problem != signature]


def _other_release(found: Released, package: Released) -> str:
    return _(
        "Die Datei gehört zu %(found)s (Prüfsumme %(digest)s…), der Bericht daneben ist %(other)s (%(beside)s…).",
        found=found.package.number[:40],
        digest=found.digest[:16],
        other=package.package.number[:40],
        beside=package.digest[:16],
    )


def file_digest(content: bytes) -> str:
    """SHA-256 of a file's bytes, to compare with what is kept of each file of a release."""
    return hashlib.sha256(content).hexdigest()

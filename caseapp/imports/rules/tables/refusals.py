"""Why a file is not read: one named error each, with a sentence that says what to do."""

from __future__ import annotations

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _


class FileRefusedError(RuleError):
    """Base: the file cannot be read as a table. `str(error)` may be shown as it stands."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


class EmptyFileError(FileRefusedError):
    """The file has no bytes, or no sheet of it has a filled cell."""

    def __init__(self) -> None:
        super().__init__(_("Die Datei ist leer. Bitte wählen Sie die Datei aus, in der Ihre Liste steht."))


class FileTooLargeError(FileRefusedError):
    """More bytes than an import may have."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(
            _(
                "Die Datei ist größer als %(limit)s MB. Bitte speichern Sie nur das Blatt mit der Liste als neue "
                "Datei, ohne Bilder.",
                limit=megabytes,
            )
        )


class UnpackedTooLargeError(FileTooLargeError):
    """A packed file (xlsx, ods) that holds more bytes than its size tells."""

    def __init__(self, megabytes: int) -> None:
        FileRefusedError.__init__(
            self,
            _(
                "Der Inhalt der Datei ist ausgepackt größer als %(limit)s MB. Bitte speichern Sie nur das Blatt mit "
                "der Liste als neue Datei, ohne leere Bereiche dahinter.",
                limit=megabytes,
            ),
        )


class TooManyCellsError(FileRefusedError):
    """More rows, columns, sheets or cells than an import may have."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(
            _(
                "Die Tabelle ist zu groß: höchstens %(rows)s Zeilen und %(columns)s Spalten. Bitte löschen Sie leere "
                "Bereiche hinter der Liste, oder teilen Sie die Liste auf mehrere Dateien auf.",
                rows=rows,
                columns=columns,
            )
        )


class ProtectedFileError(FileRefusedError):
    """The file is encrypted with a password."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Die Datei ist mit einem Kennwort geschützt. Bitte öffnen Sie sie, entfernen Sie das Kennwort "
                "(Datei > Informationen > Arbeitsmappe schützen) und speichern Sie eine Kopie."
            )
        )


class BrokenFileError(FileRefusedError):
    """The file is a spreadsheet by its first bytes, but damaged or built against the format."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Die Datei ist beschädigt und lässt sich nicht lesen. Bitte öffnen Sie sie in Ihrem Tabellenprogramm "
                "und speichern Sie sie neu als .xlsx."
            )
        )


class NotATableError(FileRefusedError):
    """The file is something else: `what` says in German what it seems to be."""

    def __init__(self, what: str) -> None:
        super().__init__(
            _(
                "Das ist keine Tabelle, sondern %(what)s. Bitte speichern Sie Ihre Liste als .xlsx, .ods oder .csv.",
                what=what,
            )
        )

"""The text of a PDF, page by page, to compare it with a newly printed one."""

from __future__ import annotations

import pypdfium2

from caseapp.i18n import gettext as _
from caseapp.reporting.rules.signed import FileError

_MOST_PAGES = 500


def text_of(pdf: bytes) -> list[str]:
    """What stands on each page. FileError for a file that is no readable PDF."""
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            if len(document) > _MOST_PAGES:
                raise FileError(_("Das PDF hat zu viele Seiten für einen Bericht."))
            return [page.get_textpage().get_text_bounded() for page in document]
    except pypdfium2.PdfiumError as error:
        raise FileError(_("Das PDF lässt sich nicht lesen.")) from error

"""Documents as PDF: the only importer of WeasyPrint, for the job process and for commands, never for a web process."""

from caseapp.documents.rendering import render

__all__ = ["render"]

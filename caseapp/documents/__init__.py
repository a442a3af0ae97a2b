"""Documents as PDF: the only importer of WeasyPrint, for the job process and for commands, never for a web process.

`render("agreement", book=phrases.book(), language="ar", …)` prints German beside the language: `bilingual.html`.
"""

from caseapp.documents.rendering import picture, render
from caseapp.documents.words import Said, Words

__all__ = ["Said", "Words", "picture", "render"]

"""Pages of keyfigures."""

from caseapp.keyfigures.views import collecting, freezing, index, papers, questions, workbooks
from caseapp.keyfigures.views.area import area

__all__ = ["area", "collecting", "freezing", "index", "papers", "questions", "workbooks"]

"""Pages of teamwork: the board, the queue, and what a lead or worker does with one file."""

from caseapp.teamwork.views import board, files, queue
from caseapp.teamwork.views.area import area

__all__ = ["area", "board", "files", "queue"]

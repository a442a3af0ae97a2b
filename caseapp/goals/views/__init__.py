"""Pages of goals."""

from caseapp.goals.views import counting, goals, index, reviews, steps
from caseapp.goals.views.area import COUNTS, CountSource, area

__all__ = ["COUNTS", "CountSource", "area", "counting", "goals", "index", "reviews", "steps"]

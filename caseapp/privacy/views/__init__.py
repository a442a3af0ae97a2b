"""Pages of the rights of clients."""

from caseapp.privacy.views import erasures, register
from caseapp.privacy.views.area import TRACES, area

__all__ = ["TRACES", "area", "erasures", "register"]

"""Pages of the rights of clients."""

from caseapp.privacy.views import access, breach, erasures, register, watching
from caseapp.privacy.views.area import TRACES, area

__all__ = ["TRACES", "access", "area", "breach", "erasures", "register", "watching"]

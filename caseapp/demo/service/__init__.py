"""Loading the demo: carriers with their staff first, then the files, carrier by carrier."""

from caseapp.demo.service.agreed import agree_goals
from caseapp.demo.service.loading import Loaded, Order, is_empty, load, made_on, require_demo
from caseapp.demo.service.reported import release_reports
from caseapp.demo.service.signed import sign_papers
from caseapp.demo.service.staff import SignIn, sign_ins

__all__ = [
    "Loaded",
    "Order",
    "SignIn",
    "agree_goals",
    "is_empty",
    "load",
    "made_on",
    "release_reports",
    "require_demo",
    "sign_ins",
    "sign_papers",
]

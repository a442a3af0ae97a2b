"""Loading the demo: carriers with their staff first, then the files, carrier by carrier."""

from caseapp.demo.service.loading import Loaded, Order, is_empty, load, require_demo
from caseapp.demo.service.staff import SIGN_INS, SignIn

__all__ = ["SIGN_INS", "Loaded", "Order", "SignIn", "is_empty", "load", "require_demo"]

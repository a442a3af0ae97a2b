"""Pages of accounts: signing in and out, one's own account, people and duties."""

from caseapp.accounts.views import carrier, duties, own, people
from caseapp.accounts.views.area import area
from caseapp.accounts.views.identity import SessionIdentity

__all__ = ["SessionIdentity", "area", "carrier", "duties", "own", "people"]

"""Forms of the directory."""

from caseapp.network.forms.dwellings import DwellingForm, RentTableForm
from caseapp.network.forms.partners import MergeForm, NoteForm, PartnerForm, SearchForm

__all__ = ["DwellingForm", "MergeForm", "NoteForm", "PartnerForm", "RentTableForm", "SearchForm"]

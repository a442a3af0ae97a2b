"""Forms of sheets, signatures and withdrawals."""

from caseapp.consents.forms.acts import SignForm, WithdrawForm, sign_form, withdraw_form
from caseapp.consents.forms.sheets import (
    MandateForm,
    SheetForm,
    mandate_form,
    sheet_form,
    values_of_mandate,
    values_of_sheet,
)

__all__ = [
    "MandateForm",
    "SheetForm",
    "SignForm",
    "WithdrawForm",
    "mandate_form",
    "sheet_form",
    "sign_form",
    "values_of_mandate",
    "values_of_sheet",
    "withdraw_form",
]

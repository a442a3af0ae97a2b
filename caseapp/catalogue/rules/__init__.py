"""Pure rules of the catalogue: `codes` reads and asks the code lists, `dated` the dated rules that hang on codes."""

from caseapp.catalogue.rules.codes import (
    Catalogue,
    Code,
    CodeListError,
    load_catalogue,
    load_code_lists,
)
from caseapp.catalogue.rules.dated import (
    Counting,
    TitleRule,
    alarm_rule,
    counts_as_counselling,
    effective_end,
    load_counting,
    load_title_rules,
)
from caseapp.catalogue.rules.titles import FIXED, LIST_TITLES

__all__ = [
    "FIXED",
    "LIST_TITLES",
    "Catalogue",
    "Code",
    "CodeListError",
    "Counting",
    "TitleRule",
    "alarm_rule",
    "counts_as_counselling",
    "effective_end",
    "load_catalogue",
    "load_code_lists",
    "load_counting",
    "load_title_rules",
]

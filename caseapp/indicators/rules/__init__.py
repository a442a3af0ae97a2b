"""Pure rules of the indicators: `definitions` and `dimensions` are the data, `evaluate` turns courses into figures."""

from caseapp.indicators.rules.cases import (
    Case,
    Cases,
    Household,
    classes_of,
    counted,
    counted_presences,
    in_period,
    is_open,
    prepare,
)
from caseapp.indicators.rules.context import Context, make_context
from caseapp.indicators.rules.data import fields
from caseapp.indicators.rules.definitions import (
    OUTCOME,
    Definition,
    IndicatorError,
    OutcomeText,
    RateText,
    TableSpec,
    load_definitions,
)
from caseapp.indicators.rules.dimensions import (
    ClassData,
    CodeClasses,
    DimensionData,
    DimensionError,
    MappingError,
    load_dimensions,
    load_mapping,
)
from caseapp.indicators.rules.evaluation import CODES, evaluate
from caseapp.indicators.rules.observations import Observation
from caseapp.indicators.rules.stock import Flow, flow

__all__ = [
    "CODES",
    "OUTCOME",
    "Case",
    "Cases",
    "ClassData",
    "CodeClasses",
    "Context",
    "Definition",
    "DimensionData",
    "DimensionError",
    "Flow",
    "Household",
    "IndicatorError",
    "MappingError",
    "Observation",
    "OutcomeText",
    "RateText",
    "TableSpec",
    "classes_of",
    "counted",
    "counted_presences",
    "evaluate",
    "fields",
    "flow",
    "in_period",
    "is_open",
    "load_definitions",
    "load_dimensions",
    "load_mapping",
    "make_context",
    "prepare",
]

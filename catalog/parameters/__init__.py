"""Dated law as data: every limit, percentage, window and age with effective dates, citation and verification mark.

    law = load()
    law.value("aca.moop.self", date(2026, 3, 1))           # Decimal("10600")
    law.entry("aca.moop.self", date(2026, 3, 1)).cite      # where it comes from
    law.value("hdhp.max_oop.self", date(2030, 1, 1))       # MissingParameter, by name

The files under ``data/`` hold the values, one file a topic; `loader` describes their form. Pure: no clock, no database.
"""

from catalog.parameters.law import MARKS, Dated, Law, MissingParameter, Parameter
from catalog.parameters.loader import load, read_law
from catalog.parameters.lookups import (
    INDIVIDUAL,
    SMALL_GROUP,
    AvRange,
    Band,
    CsrBand,
    Cutoff,
    IncomeRange,
    OpenEnrollment,
    age_curve,
    applicable_percentage_table,
    csr_bands,
    income_range,
    metal_av_range,
    open_enrollment,
    poverty_guideline,
    tier_factors,
    tobacco_cap,
)
from catalog.parameters.schema import LawFileError

__all__ = [
    "INDIVIDUAL",
    "MARKS",
    "SMALL_GROUP",
    "AvRange",
    "Band",
    "CsrBand",
    "Cutoff",
    "Dated",
    "IncomeRange",
    "Law",
    "LawFileError",
    "MissingParameter",
    "OpenEnrollment",
    "Parameter",
    "age_curve",
    "applicable_percentage_table",
    "csr_bands",
    "income_range",
    "load",
    "metal_av_range",
    "open_enrollment",
    "poverty_guideline",
    "read_law",
    "tier_factors",
    "tobacco_cap",
]

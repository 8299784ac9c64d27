"""Every format that an import understands; a module of a format adds its ``FORMATS`` here."""

from catalog.importers import marketplace, own_csv, puf, serff, serff_crosswalk, serff_rates, workbooks
from catalog.importers.common import Format

FORMATS: tuple[Format, ...] = (
    *serff.FORMATS,
    *serff_crosswalk.FORMATS,
    *serff_rates.FORMATS,
    *workbooks.FORMATS,
    *puf.FORMATS,
    *marketplace.FORMATS,
    *own_csv.FORMATS,
)

"""Every format that an import understands; a module of a format adds its ``FORMATS`` here."""

from catalog.importers import marketplace
from catalog.importers.common import Format

FORMATS: tuple[Format, ...] = (*marketplace.FORMATS,)

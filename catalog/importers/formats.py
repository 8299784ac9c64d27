"""Every format that an import understands; a module of a format adds its ``FORMATS`` here."""

from catalog.importers.common import Format

FORMATS: tuple[Format, ...] = ()

"""Service Area and Network PUFs: where plans are sold, and by whom care is given."""

from collections.abc import Iterable

from catalog.importers import text
from catalog.importers.common import Found, ImportContext, quarantined
from catalog.importers.csv_table import Row
from catalog.importers.puf_table import Fields, Table, read_fields, required_text
from catalog.terms import County, Network, ServiceAreaPart

_COUNTY = "county"
_AREA: Fields = {
    "issuer_id": (text.issuer_id, "issuerid"),
    "service_area_id": (required_text, "serviceareaid"),
    "name": (text.squeeze, "serviceareaname"),
    "entire_state": (text.required_yes_no, "coverentirestate"),
    "zip_codes": (text.zip_codes, "zipcodes"),
}
_NETWORK: Fields = {
    "issuer_id": (text.issuer_id, "issuerid"),
    "network_id": (required_text, "networkid"),
    "name": (text.squeeze, "networkname"),
    "url": (text.stated, "networkurl"),
}


def _area_nouns(row: Row, context: ImportContext) -> Iterable[Found]:
    fields = read_fields(row, _AREA)
    state = row.attempt(lambda: text.state(row.text("statecode") or row.text("serviceareaid")[:2]), "statecode")
    partial = row.read(text.yes_no, "partialcounty")
    county = "" if fields["entire_state"] else row.read(lambda cell: _fips(cell, state or "", context), _COUNTY)
    if row.problems:
        return row.problems
    if partial and not fields["zip_codes"]:
        label = row.label_of("zipcodes")
        return [quarantined(row.source, label, "", "the ZIP codes of a part of a county", "partial-without-zip")]
    part = ServiceAreaPart(state=state, county_fips=county, partial=bool(partial), source=row.source, **fields)
    return [*_county(row, part, context), part]


def _fips(cell: str, state: str, context: ImportContext) -> str:
    """FIPS code of a county cell: the code, ``Name - 39049``, or a name that another file of the import explains."""
    if cell.isdigit() or not cell:
        return text.county_fips(cell)
    return context.county_fips(state, cell) or text.named_county(cell).fips


def _county(row: Row, part: ServiceAreaPart, context: ImportContext) -> Iterable[County]:
    """The county's name, where a state's own table gives it."""
    name = text.squeeze(row.text("countyname"))
    if name and part.county_fips:
        context.saw_county(part.state, name, part.county_fips)
        county = County(part.county_fips, name, part.state, row.source)
        return [county] if context.is_new(county) else []
    return []


def _network_nouns(row: Row, _context: ImportContext) -> Iterable[Found]:
    fields = read_fields(row, _NETWORK)
    return row.problems or [Network(source=row.source, **fields)]


SERVICE_AREAS = Table(
    name="Service Area PUF",
    order=1,
    telling=frozenset({"issuerid", "serviceareaid", "serviceareaname", "coverentirestate", _COUNTY}),
    required=("issuerid", "serviceareaid", "coverentirestate", _COUNTY),
    nouns=_area_nouns,
    spellings={"countyfips": _COUNTY, "zipcode": "zipcodes"},
)
NETWORKS = Table(
    name="Network PUF",
    order=1,
    telling=frozenset({"issuerid", "networkid", "networkname", "networkurl"}),
    required=("issuerid", "networkid", "networkurl"),
    nouns=_network_nouns,
)

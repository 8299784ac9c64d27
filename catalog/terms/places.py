"""Where plans are sold and rated: counties, ZIP codes, service areas, rating areas, market completeness."""

from dataclasses import dataclass, field
from typing import ClassVar

from catalog.terms.keyed import NO_SOURCE, Keyed, Source


@dataclass(frozen=True, slots=True)
class County(Keyed):
    """A county by its 5-digit FIPS code."""

    KEY: ClassVar = ("fips",)

    fips: str
    name: str
    state: str
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class ZipCounty(Keyed):
    """A ZIP code lies in this county; a ZIP in several counties has several rows."""

    KEY: ClassVar = ("zip_code", "county_fips")

    zip_code: str
    county_fips: str
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class RatingAreaPart(Keyed):
    """A rating area holds this county, or this 3-digit ZIP in states that rate by ZIP (45 CFR 147.102(b))."""

    KEY: ClassVar = ("state", "county_fips", "zip3")

    state: str
    rating_area: str
    county_fips: str = ""
    zip3: str = ""
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class ServiceAreaPart(Keyed):
    """A service area of an issuer holds the whole state, a county, or some ZIP codes of a county."""

    KEY: ClassVar = ("issuer_id", "service_area_id", "county_fips")

    issuer_id: str
    service_area_id: str
    name: str
    state: str
    entire_state: bool = False
    county_fips: str = ""
    partial: bool = False
    zip_codes: tuple[str, ...] = ()
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class Network(Keyed):
    """A provider network of an issuer and the address of its directory."""

    KEY: ClassVar = ("issuer_id", "network_id")

    issuer_id: str
    network_id: str
    name: str = ""
    url: str = ""
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class MarketCoverage(Keyed):
    """Whether the release knows every silver plan sold in this county; the tax credit needs that."""

    KEY: ClassVar = ("county_fips",)

    state: str
    county_fips: str
    complete: bool
    note: str = ""  # why it is incomplete
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class Location:
    """An address resolved to one county and one rating area."""

    zip_code: str
    county_fips: str
    county_name: str
    state: str
    rating_area: str

"""Where plans are sold and rated: counties, ZIP codes, service areas, rating areas, market completeness."""

from dataclasses import dataclass, field

from catalog.terms.plan import NO_SOURCE, Source


@dataclass(frozen=True, slots=True)
class County:
    """A county by its 5-digit FIPS code."""

    fips: str
    name: str
    state: str
    source: Source = field(default=NO_SOURCE, compare=False)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.fips,)


@dataclass(frozen=True, slots=True)
class ZipCounty:
    """A ZIP code lies in this county; a ZIP in several counties has several rows."""

    zip_code: str
    county_fips: str
    source: Source = field(default=NO_SOURCE, compare=False)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.zip_code, self.county_fips)


@dataclass(frozen=True, slots=True)
class RatingAreaPart:
    """A rating area holds this county, or this 3-digit ZIP in states that rate by ZIP (45 CFR 147.102(b))."""

    state: str
    rating_area: str
    county_fips: str = ""
    zip3: str = ""
    source: Source = field(default=NO_SOURCE, compare=False)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.state, self.county_fips, self.zip3)


@dataclass(frozen=True, slots=True)
class ServiceAreaPart:
    """A service area of an issuer holds the whole state, a county, or some ZIP codes of a county."""

    issuer_id: str
    service_area_id: str
    name: str
    state: str
    entire_state: bool = False
    county_fips: str = ""
    partial: bool = False
    zip_codes: tuple[str, ...] = ()
    source: Source = field(default=NO_SOURCE, compare=False)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.issuer_id, self.service_area_id, self.county_fips)


@dataclass(frozen=True, slots=True)
class Network:
    """A provider network of an issuer and the address of its directory."""

    issuer_id: str
    network_id: str
    name: str = ""
    url: str = ""
    source: Source = field(default=NO_SOURCE, compare=False)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.issuer_id, self.network_id)


@dataclass(frozen=True, slots=True)
class MarketCoverage:
    """Whether the release knows every silver plan sold in this county; the tax credit needs that."""

    state: str
    county_fips: str
    complete: bool
    source: Source = field(default=NO_SOURCE, compare=False)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.county_fips,)


@dataclass(frozen=True, slots=True)
class Location:
    """An address resolved to one county and one rating area."""

    zip_code: str
    county_fips: str
    county_name: str
    state: str
    rating_area: str

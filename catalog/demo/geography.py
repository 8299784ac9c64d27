"""Places of the demo: Ohio's counties, rating areas and ZIP codes are real, the service areas are invented.

Rating areas follow the 2015 federal county table; Franklin in area 9 and Hamilton in area 4 agree with
plan year 2026. Re-check the rest before use outside the demo.
"""

from dataclasses import dataclass

STATE = "OH"
RATING_AREA_SOURCE = "CMS county rating area table 2015, re-check"

_COUNTY_NAMES = """
001 Adams/003 Allen/005 Ashland/007 Ashtabula/009 Athens/011 Auglaize/013 Belmont/015 Brown/017 Butler/019 Carroll
021 Champaign/023 Clark/025 Clermont/027 Clinton/029 Columbiana/031 Coshocton/033 Crawford/035 Cuyahoga/037 Darke
039 Defiance/041 Delaware/043 Erie/045 Fairfield/047 Fayette/049 Franklin/051 Fulton/053 Gallia/055 Geauga/057 Greene
059 Guernsey/061 Hamilton/063 Hancock/065 Hardin/067 Harrison/069 Henry/071 Highland/073 Hocking/075 Holmes/077 Huron
079 Jackson/081 Jefferson/083 Knox/085 Lake/087 Lawrence/089 Licking/091 Logan/093 Lorain/095 Lucas/097 Madison
099 Mahoning/101 Marion/103 Medina/105 Meigs/107 Mercer/109 Miami/111 Monroe/113 Montgomery/115 Morgan/117 Morrow
119 Muskingum/121 Noble/123 Ottawa/125 Paulding/127 Perry/129 Pickaway/131 Pike/133 Portage/135 Preble/137 Putnam
139 Richland/141 Ross/143 Sandusky/145 Scioto/147 Seneca/149 Shelby/151 Stark/153 Summit/155 Trumbull/157 Tuscarawas
159 Union/161 Van Wert/163 Vinton/165 Warren/167 Washington/169 Wayne/171 Williams/173 Wood/175 Wyandot
"""

_AREA_COUNTIES = {
    1: "039 051 069 095 171 173",
    2: "003 011 063 065 107 125 137 161",
    3: "021 023 037 057 109 113 135 149",
    4: "017 061 165",
    5: "001 015 025 027 071",
    6: "043 077 123 143 147 175",
    7: "033 139",
    8: "101 117",
    9: "041 045 047 049 083 089 091 097 129 159",
    10: "053 079 087 131 141 145 163",
    11: "007 035 055 085 093",
    12: "005 103 133 153",
    13: "029 099 155",
    14: "075 169",
    15: "019 151",
    16: "013 031 059 067 081 111 115 119 121 127 157",
    17: "009 073 105 167",
}

_ZIPS = """
43215 049/43201 049/43229 049/43016 049 041 159/43017 049 041 159/43064 049 097 159/43065 041 049/43068 045 049 089
43082 041 049/43110 045 049/43147 045 049/43050 083/43055 089/43302 101
45202 061/45208 061/45219 061/45011 017/45036 165/45069 017 165/45140 025 061 165/45241 017 061/45103 025/45133 071
45402 113/45429 113/45440 057 113/45385 057/45373 109/45502 023
43604 095/43606 095/43402 173/45801 003/45840 063/45875 137/44870 043/43420 143
44113 035/44114 035/44106 035/44060 085/44052 093/44004 007/44308 153/44256 103/44503 099/44481 155/44432 029/44702 151
44902 139/44691 169/43701 119/45701 009/45662 145
"""


def _entries(text: str) -> list[str]:
    return [entry for line in text.split("\n") for entry in line.split("/") if entry]


COUNTIES = {f"39{entry[:3]}": entry[4:] for entry in _entries(_COUNTY_NAMES)}
"""County FIPS code (5 digits) to name without the word County."""

AREA_OF = {f"39{code}": area for area, codes in _AREA_COUNTIES.items() for code in codes.split()}
"""County FIPS code to the number of its rating area."""

ZIP_COUNTIES = tuple((words[0], f"39{code}") for words in map(str.split, sorted(_entries(_ZIPS))) for code in words[1:])
"""(ZIP, county FIPS code); a ZIP that is split over counties has several rows."""

SOLD_AREAS = (1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 13, 15)
ALL_AREAS = tuple(_AREA_COUNTIES)
INCOMPLETE_COUNTIES = {"39137": "One issuer's silver rates were not available when the market table was made."}

ASHTABULA, COLUMBIANA, FAIRFIELD = "39007", "39029", "39045"


@dataclass(frozen=True)
class ServiceArea:
    """A filed service area: whole state, or counties, some of them only in part (FIPS code -> ZIP codes)."""

    area_id: str
    name: str
    counties: tuple[str, ...] = ()
    entire_state: bool = False
    partial: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dental: bool = False

    @property
    def rating_areas(self) -> tuple[int, ...]:
        """Numbers of the rating areas it touches, ascending."""
        return ALL_AREAS if self.entire_state else tuple(sorted({AREA_OF[fips] for fips in self.counties}))


def counties_in(areas: tuple[int, ...], without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """FIPS codes of the counties in these rating areas, ascending."""
    return tuple(fips for fips in sorted(COUNTIES) if AREA_OF[fips] in areas and fips not in without)


def service_areas(year: int) -> dict[str, ServiceArea]:
    """Our service areas of a plan year by id; in 2027 the HMO leaves Ashtabula and all plans leave Columbiana."""
    left = (COLUMBIANA,) if year >= 2027 else ()
    hmo_left = (*left, ASHTABULA) if year >= 2027 else ()
    metro = counties_in((3, 4, 9, 11, 12), (ASHTABULA,))
    areas = [
        ServiceArea("OHS001", "Lakewright Select", counties_in(SOLD_AREAS, hmo_left)),
        ServiceArea("OHS002", "Lakewright Choice", counties_in(SOLD_AREAS, left)),
        ServiceArea("OHS003", "Lakewright Open", metro, partial=((FAIRFIELD, ("43110", "43147")),)),
        ServiceArea("OHS005", "Lakewright Dental", entire_state=True, dental=True),
    ]
    if year < 2027:
        areas.insert(3, ServiceArea("OHS004", "Lakewright Valley", counties_in((3, 4, 5))))
    return {area.area_id: area for area in areas}


def county_label(fips: str) -> str:
    """``Franklin - 39049``, as the service-area template spells a county."""
    return f"{COUNTIES[fips]} - {fips}"

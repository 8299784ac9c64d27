"""The issuer's year in our own CSV set (columns: catalog/importers/ancillary_columns.md)."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from catalog.demo import ancillary
from catalog.demo.csvs import write_csv
from catalog.demo.geography import (
    AREA_OF,
    COUNTIES,
    INCOMPLETE_COUNTIES,
    RATING_AREA_SOURCE,
    STATE,
    ZIP_COUNTIES,
)
from catalog.demo.lineup import FORMULARY_URL, ISSUER_ID, ISSUER_NAME, PAYMENT_URL, SITE
from catalog.demo.market import RIVALS
from catalog.demo.rates import cents

Row = dict[str, object]

COLUMNS = {
    "issuers.csv": "plan_year issuer_id name state sold_by_us phone tty website address directory_url formulary_url "
    "payment_url",
    "market.csv": "plan_year state county_fips complete note",
    "zip_counties.csv": "plan_year zip county_fips",
    "rating_areas.csv": "plan_year state rating_area county_fips county_name zip3 source verified",
    "products.csv": "plan_year product_id issuer_id line name description form_number excepted_benefit requires_line "
    "underwriting service_area_id effective_from effective_until preferred brochure_url outline_url",
    "options.csv": "plan_year option_id product_id line kind base_option_id name description order",
    "option_attributes.csv": "plan_year option_id name type value",
    "option_rates.csv": "plan_year option_id rating_area age_low age_high tobacco person_role unit amount "
    "effective_from effective_until",
    "option_benefits.csv": "plan_year option_id order benefit tier member_pays pays_amount pays_unit limit_qty "
    "limit_unit waiting_period_days waived_with_prior_cover text",
    "option_eligibility.csv": "plan_year option_id person_role min_age max_age max_count requires_role "
    "requires_option_id requires_fact text",
    "underwriting_questions.csv": "plan_year product_id question_id order text applies_to_role answer_type "
    "expected_answer on_other_answer source",
}
_BEFORE_2027 = Decimal("0.96")  # what a 2027 rate was the year before


def _issuers() -> Iterator[Row]:
    yield {
        "issuer_id": ISSUER_ID, "name": ISSUER_NAME, "state": STATE, "sold_by_us": "yes", "phone": "1-800-555-0142",
        "tty": "711", "website": SITE, "address": "100 Example Street, Columbus, OH 43215",
        "directory_url": f"{SITE}/directory", "formulary_url": FORMULARY_URL, "payment_url": PAYMENT_URL,
    }  # fmt: skip
    for rival in RIVALS:
        yield {"issuer_id": rival.issuer_id, "name": rival.name, "state": STATE, "sold_by_us": "no"}


def _market() -> Iterator[Row]:
    for fips in sorted(COUNTIES):
        note = INCOMPLETE_COUNTIES.get(fips, "")
        yield {"state": STATE, "county_fips": fips, "complete": "no" if note else "yes", "note": note}


def _zips() -> Iterator[Row]:
    for zip_code, fips in ZIP_COUNTIES:
        yield {"zip": zip_code, "county_fips": fips}


def _rating_areas() -> Iterator[Row]:
    for fips in sorted(COUNTIES):
        yield {
            "state": STATE, "rating_area": f"Rating Area {AREA_OF[fips]}", "county_fips": fips,
            "county_name": COUNTIES[fips], "source": RATING_AREA_SOURCE, "verified": "no",
        }  # fmt: skip


def _dates(year: int) -> Row:
    return {"effective_from": f"{year}-01-01", "effective_until": f"{year}-12-31"}


def _products(year: int) -> Iterator[Row]:
    names = (
        "product_id", "line", "name", "description", "form_number", "excepted_benefit", "requires_line", "underwriting",
        "preferred",
    )  # fmt: skip
    for values in ancillary.PRODUCTS:
        row: Row = dict(zip(names, values, strict=True))
        slug = str(row["product_id"]).lower()
        url = f"{SITE}/brochure/{year}/{slug}.pdf"
        yield row | _dates(year) | {"issuer_id": ISSUER_ID, "brochure_url": url}


def _options() -> Iterator[Row]:
    lines = {product[0]: product[1] for product in ancillary.PRODUCTS}
    names = ("option_id", "product_id", "kind", "base_option_id", "name", "description")
    order: dict[str, int] = {}
    for values in ancillary.OPTIONS:
        row: Row = dict(zip(names, values, strict=True))
        line = lines[values[1]]
        order[line] = order.get(line, 0) + 1
        yield row | {"line": line, "order": order[line]}


def _attributes() -> Iterator[Row]:
    for option, text in ancillary.ATTRIBUTES.items():
        for fact in text.split("; "):
            name, kind, value = fact.split(" ", 2)
            yield {"option_id": option, "name": name, "type": kind, "value": value}


def _rate(option: str, role: str, unit: str, ages: tuple[int, int], amount: Decimal, tobacco: str = "any") -> Row:
    return {
        "option_id": option, "rating_area": "ALL", "age_low": ages[0], "age_high": ages[1], "tobacco": tobacco,
        "person_role": role, "unit": unit, "amount": amount,
    }  # fmt: skip


def _flat_rates() -> Iterator[Row]:
    for option, text in ancillary.FLAT_RATES.items():
        for entry in text.split("; "):
            role, unit, ages, amount = entry.split()
            low, high = map(int, ages.split("-"))
            yield _rate(option, role, unit, (low, high), Decimal(amount))


def _critical_rates() -> Iterator[Row]:
    """By own age and tobacco; a spouse holds half the face amount, all children together cost one amount."""
    for option, factor in ancillary.FACE_FACTORS.items():
        for ages, pair in zip(ancillary.BANDS, ancillary.CRITICAL_10, strict=True):
            for tobacco, rate in zip(("no", "yes"), pair, strict=True):
                amount = cents(Decimal(rate) * Decimal(factor))
                yield _rate(option, ancillary.SELF, "per_person", ages, amount, tobacco)
                yield _rate(option, ancillary.SPOUSE, "per_person", ages, cents(amount / 2), tobacco)
        yield _rate(option, ancillary.CHILD, "per_policy", ancillary.KIDS, cents(Decimal("1.40") * Decimal(factor)))


def _hospital_rates() -> Iterator[Row]:
    for option, factor in ancillary.HOSPITAL_FACTORS.items():
        for ages, rate in zip(ancillary.BANDS, ancillary.HOSPITAL_100, strict=True):
            for role in (ancillary.SELF, ancillary.SPOUSE):
                yield _rate(option, role, "per_person", ages, cents(Decimal(rate) * Decimal(factor)))
        yield _rate(option, ancillary.CHILD, "per_policy", ancillary.KIDS, cents(Decimal("6.20") * Decimal(factor)))


def _life_rates() -> Iterator[Row]:
    for option in ancillary.LIFE_OPTIONS:
        for ages, pair in zip(ancillary.BANDS, ancillary.LIFE_1000, strict=True):
            for tobacco, rate in zip(("no", "yes"), pair, strict=True):
                for role in (ancillary.SELF, ancillary.SPOUSE):
                    yield _rate(option, role, "per_1000", ages, Decimal(rate), tobacco)
        yield _rate(option, ancillary.CHILD, "per_policy", ancillary.KIDS, Decimal("0.75"))


def _rates(year: int) -> Iterator[Row]:
    for rates in (_flat_rates(), _critical_rates(), _hospital_rates(), _life_rates()):
        for row in rates:
            if year < 2027 and row["unit"] != "per_1000":
                row["amount"] = cents(Decimal(str(row["amount"])) * _BEFORE_2027)
            yield row | _dates(year)


def _benefits() -> Iterator[Row]:
    names = COLUMNS["option_benefits.csv"].split()[3:]
    for option, rows in ancillary.BENEFITS.items():
        for order, values in enumerate(rows, 1):
            yield {"option_id": option, "order": order} | dict(zip(names, values, strict=True))


def _eligible(option: str) -> str:
    return ancillary.ELIGIBILITY[max((key for key in ancillary.ELIGIBILITY if option.startswith(key)), key=len)]


def _eligibility() -> Iterator[Row]:
    for option, _, kind, base, *_ in ancillary.OPTIONS:
        for entry in _eligible(option).split("; "):
            role, ages, most = entry.split()
            low, high = ages.split("-")
            is_hsa = option.startswith("LW-HSA")
            yield {
                "option_id": option, "person_role": role, "min_age": low, "max_age": high,
                "max_count": "" if most == "0" else most, "requires_role": "" if role == "self" else "self",
                "requires_option_id": base if kind == "rider" else "",
                "requires_fact": "hsa_qualified_medical" if is_hsa else "",
                "text": ancillary.HSA_TEXT if is_hsa else "",
            }  # fmt: skip


def _questions() -> Iterator[Row]:
    forms = {product[0]: product[4] for product in ancillary.PRODUCTS}
    order: dict[str, int] = {}
    for product, question, text, outcome in ancillary.QUESTIONS:
        order[product] = order.get(product, 0) + 1
        yield {
            "product_id": product, "question_id": question, "order": order[product], "text": text,
            "applies_to_role": "self", "answer_type": "yes_no", "expected_answer": "no", "on_other_answer": outcome,
            "source": forms[product],
        }  # fmt: skip


def write_ancillary(out_dir: Path, year: int) -> list[Path]:
    """Write the plan year's own CSV set into ``out_dir`` (made when missing); eleven files."""
    out_dir.mkdir(parents=True, exist_ok=True)
    rows = {
        "issuers.csv": _issuers(),
        "market.csv": _market(),
        "zip_counties.csv": _zips(),
        "rating_areas.csv": _rating_areas(),
        "products.csv": _products(year),
        "options.csv": _options(),
        "option_attributes.csv": _attributes(),
        "option_rates.csv": _rates(year),
        "option_benefits.csv": _benefits(),
        "option_eligibility.csv": _eligibility(),
        "underwriting_questions.csv": _questions(),
    }
    return [
        write_csv(out_dir / name, COLUMNS[name].split(), ({"plan_year": year} | row for row in table))
        for name, table in rows.items()
    ]

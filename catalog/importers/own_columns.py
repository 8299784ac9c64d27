"""The payer's own CSV set as data: columns of each file (ancillary_columns.md) and how a file is recognised by them."""

from dataclasses import dataclass
from pathlib import Path

from catalog.importers.csv_table import fold, header_names


@dataclass(frozen=True)
class Columns:
    """Columns of one file; every one in ``required`` must be in the header."""

    file: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def likeness(self, names: frozenset[str], path: Path) -> int:
        """How well a header fits, in percent: how many names are ours and how many required ones are there.

        The file's name adds half of that scale, so that a damaged file is still known by it.
        """
        required, known = frozenset(map(fold, self.required)), frozenset(map(fold, self.required + self.optional))
        fit = 50 * len(names & known) // max(len(names), 1) + 50 * len(names & required) // len(required)
        named = path.name.lower().removesuffix(".gz") == self.file
        return fit + (50 if named and fit >= 30 else 0)


def _columns(file: str, required: str, optional: str = "") -> Columns:
    return Columns(file, tuple(required.split()), tuple(optional.split()))


SET = {
    found.file.removesuffix(".csv"): found
    for found in (
        _columns(
            "issuers.csv",
            "plan_year issuer_id name state sold_by_us",
            "phone tty website address directory_url formulary_url payment_url",
        ),
        _columns("market.csv", "plan_year state county_fips complete", "note"),
        _columns("zip_counties.csv", "plan_year zip county_fips"),
        _columns("rating_areas.csv", "plan_year state rating_area", "county_fips county_name zip3 source verified"),
        _columns(
            "products.csv",
            "plan_year product_id issuer_id line name excepted_benefit underwriting effective_from effective_until",
            "description form_number requires_line service_area_id preferred brochure_url outline_url",
        ),
        _columns("options.csv", "plan_year option_id product_id line kind name order", "base_option_id description"),
        _columns("option_attributes.csv", "plan_year option_id name type value"),
        _columns(
            "option_rates.csv",
            "plan_year option_id rating_area age_low age_high tobacco person_role unit amount"
            " effective_from effective_until",
        ),
        _columns(
            "option_benefits.csv",
            "plan_year option_id order benefit tier",
            "member_pays pays_amount pays_unit limit_qty limit_unit waiting_period_days waived_with_prior_cover text",
        ),
        _columns(
            "option_eligibility.csv",
            "plan_year option_id person_role",
            "min_age max_age max_count requires_role requires_option_id requires_fact text",
        ),
        _columns(
            "underwriting_questions.csv",
            "plan_year product_id question_id order text applies_to_role answer_type expected_answer on_other_answer",
            "source",
        ),
    )
}
_ENOUGH = 65


def best_fit(path: Path, head: bytes) -> str:
    """Name of the file of the set that a header fits best (``option_rates``); empty where it fits none well."""
    names = header_names(head)
    scores = {name: columns.likeness(names, path) for name, columns in SET.items()}
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] >= _ENOUGH else ""

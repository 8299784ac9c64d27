"""The payer's own CSV set: every file becomes nouns, every slip is named with its row and column."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.importers import own_columns
from catalog.importers.own_columns import SET, best_fit
from catalog.terms import (
    OLDEST,
    County,
    Issuer,
    MarketCoverage,
    Option,
    OptionBenefit,
    OptionEligibility,
    OptionKind,
    OptionRate,
    PersonRole,
    Product,
    ProductLine,
    RateUnit,
    RatingAreaPart,
    UnderwritingQuestion,
    ZipCounty,
)

YEAR = (date(2027, 1, 1), date(2027, 12, 31))


@pytest.fixture(scope="module")
def own(run, fixtures):
    return run(fixtures / "own")


def test_the_folder_is_one_import_of_one_year(own):
    assert own.reading.plan_year == 2027
    assert len(own.reading.files) == len(SET) == 11


def test_issuers(own):
    ours, other = own.of(Issuer)
    assert (ours.name, ours.sold_by_us, ours.tty, ours.directory_url) == (
        "Invented Health",
        True,
        "711",
        "https://example.org/directory",
    )
    assert other == Issuer("54321", "Other Health", "OH", sold_by_us=False)
    assert ours.source.place == "row 2"


def test_places(own):
    assert own.of(ZipCounty) == [ZipCounty("44101", "39035"), ZipCounty("43002", "39049")]
    assert own.of(MarketCoverage) == [
        MarketCoverage("OH", "39035", True),
        MarketCoverage("OH", "39049", False, "Rates of one issuer are missing"),
    ]
    assert own.of(RatingAreaPart) == [
        RatingAreaPart("OH", "11", "39035"),
        RatingAreaPart("OH", "9", "39049"),
        RatingAreaPart("MA", "1", zip3="010"),
    ]
    assert own.of(County) == [County("39035", "Cuyahoga", "OH"), County("39049", "Franklin", "OH")]


def test_products(own):
    illness, savings = own.of(Product)
    assert (illness.line, illness.underwriting, illness.preferred) == (ProductLine.CRITICAL_ILLNESS, "questions", True)
    assert (illness.excepted_benefit, illness.effective_from, illness.effective_until) == (True, *YEAR)
    assert (savings.requires_line, savings.preferred) == ("medical", False)


def test_options_hold_their_attributes_with_types(own):
    option = own.of(Option)[0]
    assert option.attributes == (
        ("conversion_right", True),
        ("face_amount", Decimal("10000.00")),
        ("filed_on", date(2026, 8, 1)),
        ("level", "Basic"),
        ("reduces_at_age", Decimal(65)),
        ("spouse_percent", Decimal(50)),
        ("terms", "https://example.org/terms"),
    )
    rider = own.of(Option)[1]
    assert (rider.kind, rider.base_option_id, rider.order) == (OptionKind.RIDER, "CI-10", 2)


def test_option_rates(own):
    assert own.of(OptionRate) == [
        OptionRate("CI-10", PersonRole.SELF, RateUnit.PER_1000, Decimal("0.2150"), *YEAR, 18, OLDEST, tobacco="no"),
        OptionRate("CI-10", PersonRole.CHILD, RateUnit.PER_POLICY, Decimal("1.40"), *YEAR, 0, 25, rating_area="9"),
        OptionRate("HSA-1", PersonRole.POLICY, RateUnit.PER_POLICY, Decimal("2.50"), *YEAR, 0, OLDEST),
    ]


def test_option_benefits_eligibility_and_questions(own):
    stroke, card = own.of(OptionBenefit)
    assert (stroke.pays_amount, stroke.pays_unit, stroke.waiting_days) == (Decimal(100), "percent_of_face", 30)
    assert (stroke.limit_quantity, stroke.limit_unit, stroke.waived_with_prior_cover) == (1, "per lifetime", True)
    assert (card.member_pays, card.pays_amount, card.waiting_days) == ("No Charge", None, None)
    assert own.of(OptionEligibility)[1].requires_fact == "hsa_qualified_medical"
    (question,) = own.of(UnderwritingQuestion)
    assert (question.role, question.on_other_answer, question.filed_form) == (PersonRole.SELF, "decline", "CI-1")


def test_each_slip_is_named(own):
    assert Counter((problem.file, problem.place, problem.field) for problem in own.problems) == Counter(
        [
            ("rating_areas.csv", "row 5", "county_fips, zip3"),
            ("products.csv", "row 4", "line"),
            ("products.csv", "row 4", "underwriting"),
            ("products.csv", "row 4", "brochure_url"),
            ("products.csv", "row 4", "effective_until"),
            ("option_attributes.csv", "row 10", "value"),
            ("option_attributes.csv", "row 11", "option_id"),
            ("options.csv", "row 5", "base_option_id"),
            ("option_rates.csv", "row 5", "amount"),
            ("option_benefits.csv", "row 4", "pays_amount, pays_unit"),
            ("option_eligibility.csv", "row 4", "person_role"),
        ]
    )
    assert {problem.severity for problem in own.problems} == {"quarantined"}
    assert all(problem.expected for problem in own.problems)


def test_the_documented_columns_are_those_that_are_read():
    page = Path(own_columns.__file__).with_name("ancillary_columns.md").read_text(encoding="utf-8")
    sections = re.split(r"^### ", page, flags=re.MULTILINE)[1:]
    told = {section.split(" ", 1)[0]: section for section in sections}
    assert set(told) == {columns.file for columns in SET.values()}
    for columns in SET.values():
        for name in (*columns.required, *columns.optional):
            assert re.search(rf"\b{name}\b", told[columns.file]), (columns.file, name)


def test_each_file_is_known_by_its_columns_whatever_its_name(fixtures, tmp_path):
    for name in SET:
        head = (fixtures / "own" / f"{name}.csv").read_bytes()
        assert best_fit(tmp_path / "export.csv", head) == name


@pytest.mark.parametrize(
    ("name", "row", "field", "found"),
    [
        ("issuers", "2027,12345,,OH,yes,,,,,,,", "name", ""),
        ("issuers", "2027,12345,A,OH,maybe,,,,,,,", "sold_by_us", "maybe"),
        ("issuers", "2027,12345,A,OH,yes,,,,,http://example.org,,", "directory_url", "http://example.org"),
        ("zip_counties", "2027,441010,39035", "zip", "441010"),
        ("option_rates", "2027,A,ALL,18,64,any,self,per_person,1.005,2027-01-01,2027-12-31", "amount", "1.005"),
        ("option_rates", "2027,A,ALL,18,64,any,any,per_person,1.00,2027-01-01,2027-12-31", "person_role", "any"),
        ("option_rates", "2027,A,ALL,18,64,any,self,per_tier,1.00,2027-01-01,2027-12-31", "unit", "per_tier"),
        ("option_rates", "2027,A,ALL,18,64,any,self,per_person,1.00,1/1/2027,2027-12-31", "effective_from", "1/1/2027"),
        ("option_benefits", "2027,A,1,Exam,any,ten dollars,,,,,,,", "member_pays", "ten dollars"),
    ],
)
def test_a_wrong_cell_is_left_out(run, fixtures, tmp_path, name, row, field, found):
    path = tmp_path / f"{name}.csv"
    header = (fixtures / "own" / f"{name}.csv").read_text().splitlines()[0]
    path.write_text(f"{header}\n{row}\n")
    result = run(path)
    assert result.nouns == []
    assert [(problem.place, problem.field, problem.found) for problem in result.problems] == [("row 2", field, found)]

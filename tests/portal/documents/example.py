"""An invented family of four with a full bundle, as the builder would fill the summary."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from portal.documents.summary import (
    BenefitGroup,
    BenefitRow,
    BundleSummary,
    Check,
    CreditState,
    CreditSummary,
    Fact,
    HouseholdMember,
    Payout,
    PlanDetails,
    PolicySummary,
    PremiumRow,
    Record,
)

ISSUER = "Lakewright Health Plan of Ohio"
FAMILY = ("Maria Rivera", "Daniel Rivera", "Sofía Rivera", "Leo Rivera")
IN_AND_OUT = ("In network", "Out of network")
AFTER_20 = "20% after deductible"
AFTER_50 = "50% after deductible"


def rows(*triples: tuple[str, str, str]) -> tuple[BenefitRow, ...]:
    return tuple(BenefitRow(name, (inside, outside)) for name, inside, outside in triples)


MEDICAL_DETAILS = PlanDetails(
    line="Medical",
    name="Lantern Silver 5000 PPO",
    issuer=ISSUER,
    ids=(Fact("Plan ID", "99990OH0010004-04"),),
    columns=IN_AND_OUT,
    amounts=(
        BenefitRow(
            "What you pay first (deductible)",
            ("$4,200 a person, $8,400 a family", "$10,000 a person, $20,000 a family"),
            "Preventive care, office visits and generic drugs are covered before you have paid it.",
        ),
        BenefitRow(
            "The most you pay in a year (out-of-pocket maximum)",
            ("$7,350 a person, $14,700 a family", "no limit"),
            "Premiums and care that is not covered do not count.",
        ),
    ),
    groups=(
        BenefitGroup(
            "Seeing somebody",
            rows(
                ("Preventive care and screening", "no charge", AFTER_50),
                ("Primary care visit", "$40", AFTER_50),
                ("Specialist visit", "$80", AFTER_50),
                ("Urgent care", "$60", AFTER_50),
                ("Mental health visit", "$40", AFTER_50),
                ("Chiropractor", "$40", "not covered"),
            ),
        ),
        BenefitGroup(
            "Tests and medicines",
            rows(
                ("Laboratory", AFTER_20, AFTER_50),
                ("X-ray", AFTER_20, AFTER_50),
                ("CT, PET, MRI", AFTER_20, AFTER_50),
                ("Generic drugs", "$20", "not covered"),
                ("Preferred brand drugs", "$40 after deductible", "not covered"),
                ("Other brand drugs", "$80 after deductible", "not covered"),
                ("Specialty drugs", "$350 after deductible", "not covered"),
            ),
        ),
        BenefitGroup(
            "Hospital and emergency",
            rows(
                ("Emergency room", AFTER_20, AFTER_20),
                ("Ambulance", AFTER_20, AFTER_20),
                ("Hospital stay, facility", AFTER_20, AFTER_50),
                ("Hospital stay, doctors", AFTER_20, AFTER_50),
                ("Surgery without a stay", AFTER_20, AFTER_50),
                ("Birth of a child", AFTER_20, AFTER_50),
            ),
        ),
        BenefitGroup(
            "Getting well, and children",
            (
                BenefitRow("Physical therapy", ("$40", AFTER_50), "20 visits a year"),
                BenefitRow("Nursing facility", (AFTER_20, AFTER_50), "90 days a year"),
                BenefitRow("Home health care", (AFTER_20, AFTER_50), "100 visits a year"),
                BenefitRow("Equipment such as a wheelchair", (AFTER_20, AFTER_50)),
                BenefitRow("Child's eye exam", ("no charge", "not covered"), "one a year"),
                BenefitRow("Child's glasses", ("no charge", "not covered"), "one pair a year"),
            ),
        ),
    ),
    not_covered=(
        "Weight-loss surgery",
        "Cosmetic surgery",
        "Dental care for adults",
        "Infertility treatment",
        "Long-term care at home or in a home",
        "Care outside the United States that is not an emergency",
    ),
    limits=(
        "Hospital stays, CT, PET and MRI need our approval first, or you may pay more.",
        "A provider outside the network may bill you for more than the plan allows, except in an emergency.",
    ),
    network="Network: Lantern Statewide PPO. You do not need a referral to see a specialist.",
    documents=(
        Fact("Doctors and hospitals", "https://lantern.example/directory"),
        Fact("Covered drugs", "https://lantern.example/drugs"),
    ),
)

DENTAL_DETAILS = PlanDetails(
    line="Dental",
    name="Lantern Dental Family High",
    issuer=ISSUER,
    ids=(Fact("Plan ID", "99990OH0020002-01"),),
    columns=IN_AND_OUT,
    amounts=rows(
        ("What you pay first (deductible)", "$50 a person, $150 a family", "$100 a person, $300 a family"),
        ("The most you pay in a year for a child", "$400 a child, $800 for two or more", "no limit"),
        ("The most the plan pays in a year for an adult", "$1,500 a person", "$1,500 a person"),
    ),
    groups=(
        BenefitGroup(
            "Care",
            rows(
                ("Check-ups and cleaning", "no charge", "20%"),
                ("Fillings", AFTER_20, "40% after deductible"),
                ("Crowns and root canals", AFTER_50, "60% after deductible"),
                ("Braces for a child, when medically needed", AFTER_50, AFTER_50),
            ),
        ),
    ),
    not_covered=("Braces for adults", "Implants", "Whitening"),
    limits=("Adults wait 6 months for fillings and 12 months for crowns.",),
)

ACCIDENT_DETAILS = PlanDetails(
    line="Accident",
    name="Lantern Accident Standard",
    issuer=ISSUER,
    ids=(Fact("Form", "BLH-ACC-27"),),
    payouts=(
        Payout("Emergency room visit after an accident", "$150", "Once for each accident, within 72 hours"),
        Payout("Broken bone", "$200 to $3,000, by bone", "Schedule in the policy"),
        Payout("Hospital stay after an accident", "$1,000, then $200 a day", "Up to 365 days for each accident"),
        Payout("Ambulance on the ground", "$300", "Once for each accident"),
    ),
    not_covered=("Illness of any kind", "Injuries at work that workers' compensation pays for"),
    fixed_payment=True,
)

CRITICAL_DETAILS = PlanDetails(
    line="Critical illness",
    name="Lantern Critical Illness",
    issuer=ISSUER,
    ids=(Fact("Form", "BLH-CI-27"),),
    payouts=(
        Payout("First heart attack, stroke or invasive cancer", "100% of the face amount", "After 30 days of cover"),
        Payout("Bypass surgery", "25% of the face amount", "After 30 days of cover"),
        Payout("The same illness again", "50% of the face amount", "12 months or more after the first"),
    ),
    not_covered=("An illness found in the 12 months before the cover started, for its first 12 months",),
    fixed_payment=True,
)

TELEHEALTH_DETAILS = PlanDetails(
    line="Telehealth",
    name="Lantern Anytime Visit",
    issuer=ISSUER,
    ids=(Fact("Product", "BLH-TEL"),),
    columns=("You pay",),
    groups=(
        BenefitGroup(
            "Visits by phone or video",
            (
                BenefitRow("Urgent question, day or night", ("$0",)),
                BenefitRow("Talk with a therapist", ("$25",), "12 visits a year"),
            ),
        ),
    ),
    not_covered=("Emergencies: call 911",),
)

MEDICAL = PolicySummary(
    line="Medical",
    name="Lantern Silver 5000 PPO",
    issuer=ISSUER,
    what="Pays for doctors, hospitals and medicines.",
    covered=FAMILY,
    rows=(
        PremiumRow("Maria Rivera", Decimal("462.18"), age=41),
        PremiumRow("Daniel Rivera", Decimal("489.90"), age=43),
        PremiumRow("Sofía Rivera", Decimal("271.55"), age=12),
        PremiumRow("Leo Rivera", Decimal("271.55"), age=7),
    ),
    premium=Decimal("1495.18"),
    credit=Decimal("812.00"),
    net=Decimal("683.18"),
    ids=(Fact("Plan ID", "99990OH0010004-04"),),
    details=MEDICAL_DETAILS,
)

DENTAL = PolicySummary(
    line="Dental",
    name="Lantern Dental Family High",
    issuer=ISSUER,
    what="Pays for check-ups, fillings and more.",
    covered=FAMILY,
    rows=(
        PremiumRow("Maria Rivera", Decimal("31.40"), age=41),
        PremiumRow("Daniel Rivera", Decimal("31.40"), age=43),
        PremiumRow("Sofía Rivera", Decimal("27.15"), age=12),
        PremiumRow("Leo Rivera", Decimal("27.15"), age=7),
    ),
    premium=Decimal("117.10"),
    net=Decimal("117.10"),
    ids=(Fact("Plan ID", "99990OH0020002-01"),),
    details=DENTAL_DETAILS,
    add_on=True,
)

ACCIDENT = PolicySummary(
    line="Accident",
    name="Lantern Accident Standard",
    issuer=ISSUER,
    what="Pays you a fixed amount after an accident.",
    covered=FAMILY,
    rows=(PremiumRow("Whole policy", Decimal("24.50"), note="One price for the family"),),
    premium=Decimal("24.50"),
    net=Decimal("24.50"),
    ids=(Fact("Form", "BLH-ACC-27"),),
    details=ACCIDENT_DETAILS,
    add_on=True,
)

CRITICAL = PolicySummary(
    line="Critical illness",
    name="Lantern Critical Illness",
    issuer=ISSUER,
    what="Pays you a fixed amount when a listed illness is found.",
    covered=FAMILY[:2],
    rows=(
        PremiumRow("Maria Rivera", Decimal("14.20"), age=41, note="Face amount $20,000"),
        PremiumRow("Daniel Rivera", Decimal("9.85"), age=43, note="Face amount $10,000"),
    ),
    premium=Decimal("24.05"),
    net=Decimal("24.05"),
    ids=(Fact("Form", "BLH-CI-27"),),
    parameters=(Fact("Face amount, Maria", "$20,000"), Fact("Face amount, Daniel", "$10,000")),
    details=CRITICAL_DETAILS,
    add_on=True,
)

TELEHEALTH = PolicySummary(
    line="Telehealth",
    name="Lantern Anytime Visit",
    issuer=ISSUER,
    what="Visits by phone or video, day and night.",
    covered=FAMILY,
    rows=(PremiumRow("Whole policy", Decimal("6.00"), note="One price for the family"),),
    premium=Decimal("6.00"),
    net=Decimal("6.00"),
    details=TELEHEALTH_DETAILS,
    add_on=True,
)

FAMILY_OF_FOUR = BundleSummary(
    title="Your bundle for 2027",
    made_on=date(2026, 11, 15),
    starts=date(2027, 1, 1),
    people=(
        HouseholdMember("Maria Rivera", 41, "You", tobacco=False),
        HouseholdMember("Daniel Rivera", 43, "Spouse", tobacco=False),
        HouseholdMember("Sofía Rivera", 12, "Child", tobacco=False),
        HouseholdMember("Leo Rivera", 7, "Child", tobacco=False),
    ),
    zip_code="43215",
    county="Franklin",
    policies=(MEDICAL, DENTAL, ACCIDENT, CRITICAL, TELEHEALTH),
    premium=Decimal("1666.83"),
    credit=Decimal("812.00"),
    net=Decimal("854.83"),
    credit_summary=CreditSummary(
        CreditState.APPLIED,
        monthly=Decimal("812.00"),
        arithmetic=(
            Fact("Second-lowest silver plan for your family, a month", "$1,402.36"),
            Fact("Your income, as a share of the poverty level", "221%"),
            Fact("What you are expected to pay yourself, a month", "$590.36"),
            Fact("Your tax credit, a month", "$812.00"),
        ),
        note="You also qualify for lower deductibles and copays, because you chose a silver plan.",
    ),
    check=Check(rules_checked=12),
    record=Record(
        reference="Bundle 7F3A-20C9, version 2",
        release="2026-11-14-3fa9c1d2",
        rule_set="2026-11-10-b81e",
        law="2026-10-28-55d0",
        quote_convention="To the cent",
        sort_name="what you pay after the credit",
        assumptions=(
            "You use the whole credit ahead of time.",
            "Nobody in your household is offered affordable cover at work.",
        ),
    ),
    change_until=date(2026, 12, 15),
    first_payment_due=date(2026, 12, 31),
    told_us=(
        Fact("Household income expected in 2027", "$71,000 a year"),
        Fact("People on your tax return", "4"),
        Fact("Offer of cover from an employer", "No"),
    ),
    may_have_medicaid=("Sofía Rivera", "Leo Rivera"),
)


def household_of_twelve() -> BundleSummary:
    """A couple with ten children: only the three oldest under 21 are charged."""
    ages = (44, 45, 19, 17, 15, 14, 12, 10, 8, 6, 4, 1)
    names = tuple(f"Person Number {number}" for number in range(1, 13))
    relationships = ("You", "Spouse", *("Child",) * 10)
    members = tuple(
        HouseholdMember(name, age, relationship, tobacco=age == 45)
        for name, age, relationship in zip(names, ages, relationships, strict=True)
    )
    premium_rows = tuple(
        PremiumRow(
            name,
            Decimal("310.25"),
            charged=index < 5,
            age=age,
            note="" if index < 5 else "Only the three oldest children under 21 are charged",
        )
        for index, (name, age) in enumerate(zip(names, ages, strict=True))
    )
    medical = replace(
        MEDICAL,
        covered=names,
        rows=premium_rows,
        premium=Decimal("1551.25"),
        credit=Decimal(0),
        net=Decimal("1551.25"),
    )
    return replace(
        FAMILY_OF_FOUR,
        people=members,
        policies=(medical, replace(TELEHEALTH, covered=names)),
        premium=Decimal("1557.25"),
        credit=Decimal(0),
        net=Decimal("1557.25"),
        credit_summary=CreditSummary(
            CreditState.UNKNOWN, note="The silver plans of one issuer here are not known to us."
        ),
        may_have_medicaid=names[2:],
    )


def with_name(name: str) -> BundleSummary:
    """The family with another first member's name, everywhere that a name stands."""
    policies = tuple(
        replace(
            policy,
            covered=(name, *policy.covered[1:]),
            rows=(replace(policy.rows[0], who=name), *policy.rows[1:]),
        )
        for policy in FAMILY_OF_FOUR.policies
    )
    first, *others = FAMILY_OF_FOUR.people
    return replace(FAMILY_OF_FOUR, people=(replace(first, name=name), *others), policies=policies)

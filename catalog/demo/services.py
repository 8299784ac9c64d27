"""The benefit rows of the demo's medical and dental plans, in the spelling of the federal template.

Columns: benefit name, the key of the cost share in a design (see ``designs``), limit quantity, limit unit,
exclusion, explanation. Texts are our own.
"""

from dataclasses import dataclass

YEAR_VISITS = "Visit(s) per Year"


@dataclass(frozen=True)
class Service:
    """One benefit row. ``key`` empty: never covered; ``when`` names the plan feature that makes it covered."""

    name: str
    key: str
    limit: int | None = None
    unit: str = ""
    exclusion: str = ""
    explanation: str = ""
    ehb: bool = True
    when: str = ""
    variance: str = ""


_S = Service

MEDICAL = (
    _S("Primary Care Visit to Treat an Injury or Illness", "pcp"),
    _S("Specialist Visit", "spec"),
    _S("Other Practitioner Office Visit (Nurse, Physician Assistant)", "pcp"),
    _S("Outpatient Facility Fee (e.g.,  Ambulatory Surgery Center)", "outf"),
    _S("Outpatient Surgery Physician/Surgical Services", "outph"),
    _S("Hospice Services", "rest", explanation="For people whose doctor expects them to live six months or less."),
    _S("Routine Dental Services (Adult)", "dental", 2, YEAR_VISITS, ehb=False, when="dental", variance="Not EHB",
       explanation="Exams and cleanings from age 19. The dental rider pays up to $1,000 a year."),
    _S("Infertility Treatment", "rest", exclusion="In vitro fertilization and donor services",
       explanation="Tests to find the cause and treatment of that cause only."),
    _S("Long-Term/Custodial Nursing Home Care", ""),
    _S("Private-Duty Nursing", "rest", 90, YEAR_VISITS, explanation="At home only."),
    _S("Routine Eye Exam (Adult)", "vision", 1, "Exam(s) per Year", ehb=False, when="vision", variance="Not EHB"),
    _S("Urgent Care Centers or Facilities", "uc"),
    _S("Home Health Care Services", "rest", 100, YEAR_VISITS),
    _S("Emergency Room Services", "er", explanation="Covered at every hospital, in the network or not."),
    _S("Emergency Transportation/Ambulance", "amb"),
    _S("Inpatient Hospital Services (e.g., Hospital Stay)", "inpt"),
    _S("Inpatient Physician and Surgical Services", "inph"),
    _S("Bariatric Surgery", ""),
    _S("Cosmetic Surgery", ""),
    _S("Skilled Nursing Facility", "snf", 90, "Days per Year"),
    _S("Prenatal and Postnatal Care", "spec", explanation="Routine prenatal visits are preventive: no charge."),
    _S("Delivery and All Inpatient Services for Maternity Care", "inpt"),
    _S("Mental/Behavioral Health Outpatient Services", "mh"),
    _S("Mental/Behavioral Health Inpatient Services", "inpt"),
    _S("Substance Abuse Disorder Outpatient Services", "mh"),
    _S("Substance Abuse Disorder Inpatient Services", "inpt"),
    _S("Generic Drugs", "gen", explanation="30 days from a pharmacy; 90 days by mail for two and a half copays."),
    _S("Preferred Brand Drugs", "pref", explanation="30 days from a pharmacy."),
    _S("Non-Preferred Brand Drugs", "npref", explanation="30 days from a pharmacy. May need approval first."),
    _S("Specialty Drugs", "spcl", explanation="30 days from our specialty pharmacy. Needs approval first."),
    _S("Outpatient Rehabilitation Services", "rehab", 30, YEAR_VISITS,
       explanation="30 visits for physical and occupational therapy together."),
    _S("Habilitation Services", "rehab", 30, YEAR_VISITS,
       explanation="No visit limit for the treatment of autism."),
    _S("Chiropractic Care", "rehab", 12, YEAR_VISITS),
    _S("Durable Medical Equipment", "rest", explanation="Some equipment needs approval first."),
    _S("Hearing Aids", ""),
    _S("Imaging (CT/PET Scans, MRIs)", "img", explanation="Needs approval first, except in an emergency."),
    _S("Preventive Care/Screening/Immunization", "prev",
       explanation="You may have to pay for services that are not preventive. Ask your doctor before the visit."),
    _S("Routine Foot Care", "spec", explanation="For people with diabetes or poor circulation only."),
    _S("Acupuncture", ""),
    _S("Weight Loss Programs", "fitness", 1, "Treatment(s) per Year", ehb=False, when="fitness", variance="Not EHB",
       explanation="Gym membership with the fitness rider; we pay up to $25 a month."),
    _S("Routine Eye Exam for Children", "prev", 1, "Exam(s) per Year"),
    _S("Eye Glasses for Children", "glasses", 1, "Item(s) per Year",
       explanation="One pair of lenses and frames from our collection, or contact lenses instead."),
    _S("Dental Check-Up for Children", "prev", 2, YEAR_VISITS, when="child_dental",
       variance="Dental Only Plan Available"),
    _S("Rehabilitative Speech Therapy", "rehab", 30, YEAR_VISITS),
    _S("Rehabilitative Occupational and Rehabilitative Physical Therapy", "rehab", 30, YEAR_VISITS,
       explanation="30 visits for physical and occupational therapy together."),
    _S("Well Baby Visits and Care", "prev"),
    _S("Laboratory Outpatient and Professional Services", "lab"),
    _S("X-rays and Diagnostic Imaging", "xray"),
    _S("Basic Dental Care - Child", "rest", when="child_dental", variance="Dental Only Plan Available"),
    _S("Orthodontia - Child", "rest", when="child_dental", variance="Dental Only Plan Available",
       exclusion="Cosmetic orthodontia", explanation="Only when medically needed. Needs approval first."),
    _S("Major Dental Care - Child", "rest", when="child_dental", variance="Dental Only Plan Available"),
    _S("Basic Dental Care - Adult", "dental_basic", ehb=False, when="dental", variance="Not EHB",
       explanation="Fillings and simple extractions from age 19."),
    _S("Orthodontia - Adult", ""),
    _S("Major Dental Care - Adult", "dental_major", ehb=False, when="dental", variance="Not EHB",
       explanation="Crowns, bridges and dentures from age 19."),
    _S("Abortion for Which Public Funding is Prohibited", ""),
    _S("Transplant", "inpt", explanation="Only at hospitals of our transplant network."),
    _S("Accidental Dental", "rest", 3000, "Dollars per Year"),
    _S("Dialysis", "rest"),
    _S("Allergy Testing", "spec"),
    _S("Chemotherapy", "rest"),
    _S("Radiation", "rest"),
    _S("Diabetes Education", "prev"),
    _S("Prosthetic Devices", "rest"),
    _S("Infusion Therapy", "rest"),
    _S("Treatment for Temporomandibular Joint Disorders", "rest", 1, "Treatment(s) per Lifetime"),
    _S("Nutritional Counseling", "prev", 6, YEAR_VISITS),
    _S("Reconstructive Surgery", "rest", exclusion="Surgery for looks only",
       explanation="To mend what an injury, an illness, a birth defect or a mastectomy has changed."),
    _S("Clinical Trials", "rest", explanation="The usual care that goes with an approved trial."),
    _S("Diabetes Care Management", "prev"),
    _S("Cardiac Rehabilitation", "rehab", 36, YEAR_VISITS),
)  # fmt: skip

DENTAL = (
    _S("Routine Dental Services (Adult)", "adult_routine", 2, YEAR_VISITS, ehb=False, when="adult",
       variance="Not EHB", explanation="Exams and cleanings. Counts toward the yearly maximum."),
    _S("Dental Check-Up for Children", "child_routine", 2, YEAR_VISITS),
    _S("Basic Dental Care - Child", "child_basic"),
    _S("Orthodontia - Child", "child_ortho", exclusion="Cosmetic orthodontia",
       explanation="Only when medically needed. Needs approval first."),
    _S("Major Dental Care - Child", "child_major"),
    _S("Basic Dental Care - Adult", "adult_basic", ehb=False, when="adult", variance="Not EHB",
       explanation="Waiting period of 6 months, waived with prior dental cover."),
    _S("Orthodontia - Adult", "", ehb=False),
    _S("Major Dental Care - Adult", "adult_major", ehb=False, when="adult", variance="Not EHB",
       explanation="Waiting period of 12 months, waived with prior dental cover."),
)  # fmt: skip

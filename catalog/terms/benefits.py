"""One slug for each filed benefit name, so that spellings of three formats meet.

Names are folded (case, spaces, punctuation, "and"/"or"/"&") before look-up; a name that is not listed
becomes its own slug, so nothing filed is lost.
"""

import re

_FOLD = re.compile(r"[^a-z0-9]+")

SERVICES: dict[str, str] = {
    "primary_care": "Primary Care Visit to Treat an Injury or Illness",
    "specialist": "Specialist Visit",
    "other_practitioner": "Other Practitioner Office Visit (Nurse, Physician Assistant)",
    "preventive_care": "Preventive Care/Screening/Immunization",
    "laboratory": "Laboratory Outpatient and Professional Services",
    "x_ray": "X-rays and Diagnostic Imaging",
    "imaging": "Imaging (CT/PET Scans, MRIs)",
    "generic_drugs": "Generic Drugs",
    "preferred_brand_drugs": "Preferred Brand Drugs",
    "non_preferred_brand_drugs": "Non-Preferred Brand Drugs",
    "specialty_drugs": "Specialty Drugs",
    "outpatient_facility": "Outpatient Facility Fee (e.g., Ambulatory Surgery Center)",
    "outpatient_surgery": "Outpatient Surgery Physician/Surgical Services",
    "emergency_room": "Emergency Room Services",
    "ambulance": "Emergency Transportation/Ambulance",
    "urgent_care": "Urgent Care Centers or Facilities",
    "inpatient_facility": "Inpatient Hospital Services (e.g., Hospital Stay)",
    "inpatient_physician": "Inpatient Physician and Surgical Services",
    "mental_health_outpatient": "Mental/Behavioral Health Outpatient Services",
    "mental_health_inpatient": "Mental/Behavioral Health Inpatient Services",
    "substance_use_outpatient": "Substance Abuse Disorder Outpatient Services",
    "substance_use_inpatient": "Substance Abuse Disorder Inpatient Services",
    "prenatal_care": "Prenatal and Postnatal Care",
    "delivery": "Delivery and All Inpatient Services for Maternity Care",
    "home_health": "Home Health Care Services",
    "rehabilitation": "Outpatient Rehabilitation Services",
    "habilitation": "Habilitation Services",
    "skilled_nursing": "Skilled Nursing Facility",
    "durable_equipment": "Durable Medical Equipment",
    "hospice": "Hospice Services",
    "child_eye_exam": "Routine Eye Exam for Children",
    "child_glasses": "Eye Glasses for Children",
    "child_dental_checkup": "Dental Check-Up for Children",
    "child_dental_basic": "Basic Dental Care - Child",
    "child_dental_major": "Major Dental Care - Child",
    "child_orthodontia": "Orthodontia - Child",
    "adult_dental_routine": "Routine Dental Services (Adult)",
    "adult_dental_basic": "Basic Dental Care - Adult",
    "adult_dental_major": "Major Dental Care - Adult",
    "adult_orthodontia": "Orthodontia - Adult",
    "accidental_dental": "Accidental Dental",
    "adult_eye_exam": "Routine Eye Exam (Adult)",
    "adult_glasses": "Eye Glasses (Adult)",
    "hearing_aids": "Hearing Aids",
    "chiropractic": "Chiropractic Care",
    "acupuncture": "Acupuncture",
    "bariatric_surgery": "Bariatric Surgery",
    "cosmetic_surgery": "Cosmetic Surgery",
    "infertility": "Infertility Treatment",
    "long_term_care": "Long-Term/Custodial Nursing Home Care",
    "private_duty_nursing": "Private-Duty Nursing",
    "routine_foot_care": "Routine Foot Care",
    "weight_loss": "Weight Loss Programs",
    "abroad": "Non-Emergency Care When Traveling Outside the U.S.",
    "transplant": "Transplant",
    "dialysis": "Dialysis",
    "chemotherapy": "Chemotherapy",
    "radiation": "Radiation",
    "infusion": "Infusion Therapy",
    "allergy": "Allergy Testing",
    "diabetes_education": "Diabetes Education",
    "prosthetics": "Prosthetic Devices",
    "reconstructive_surgery": "Reconstructive Surgery",
    "nutrition_counseling": "Nutritional Counseling",
    "well_baby": "Well Baby Visits and Care",
    "rehabilitative_speech": "Rehabilitative Speech Therapy",
    "rehabilitative_therapy": "Rehabilitative Occupational and Rehabilitative Physical Therapy",
    "tmj": "Treatment for Temporomandibular Joint Disorders",
}

# Riders: benefits that two plans of one medical design may differ in (reference: near-duplicates in real lists).
RIDER_CATEGORIES = frozenset(
    {
        "adult_dental_routine",
        "adult_dental_basic",
        "adult_dental_major",
        "adult_orthodontia",
        "adult_eye_exam",
        "adult_glasses",
        "weight_loss",
        "fitness",
    }
)


def fold(name: str) -> str:
    """Lower case, words only: ``"Urgent Care Centers Or Facilities"`` and ``"... or facilities"`` meet."""
    words = _FOLD.sub(" ", name.lower()).split()
    return "_".join(word for word in words if word not in ("and", "or"))


_BY_NAME = {fold(name): slug for slug, name in SERVICES.items()}


def category_of(name: str) -> str:
    """Our slug for a filed benefit name; unlisted names are folded into a slug of their own."""
    folded = fold(name)
    return _BY_NAME.get(folded, folded)

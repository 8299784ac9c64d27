"""Which services a page shows, in which groups and under which plain names.

The groups are the common medical events of the Summary of Benefits and Coverage (45 CFR 147.200(a)(2)); the words are
our own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from catalog.terms import ProductLine

Service = tuple[str, str]  # our words, category


@dataclass(frozen=True, slots=True)
class Event:
    """A common medical event with its services."""

    title: str
    services: tuple[Service, ...]


CARD_SERVICES: Mapping[ProductLine, tuple[Service, ...]] = MappingProxyType(
    {
        ProductLine.MEDICAL: (
            ("Primary care", "primary_care"),
            ("Specialist", "specialist"),
            ("Generic drugs", "generic_drugs"),
        ),
        ProductLine.DENTAL: (
            ("Child check-up", "child_dental_checkup"),
            ("Adult cleaning", "adult_dental_routine"),
            ("Adult fillings", "adult_dental_basic"),
        ),
    }
)

_MEDICAL_EVENTS = (
    Event(
        "You visit a doctor",
        (
            ("Primary care visit", "primary_care"),
            ("Specialist visit", "specialist"),
            ("Other practitioner visit", "other_practitioner"),
            ("Preventive care, screening, shots", "preventive_care"),
        ),
    ),
    Event(
        "You have a test",
        (
            ("Blood work and other lab tests", "laboratory"),
            ("X-rays", "x_ray"),
            ("CT, PET and MRI scans", "imaging"),
        ),
    ),
    Event(
        "You need drugs",
        (
            ("Generic drugs", "generic_drugs"),
            ("Preferred brand drugs", "preferred_brand_drugs"),
            ("Other brand drugs", "non_preferred_brand_drugs"),
            ("Specialty drugs", "specialty_drugs"),
        ),
    ),
    Event(
        "You have surgery and go home the same day",
        (("The place", "outpatient_facility"), ("The surgeon", "outpatient_surgery")),
    ),
    Event(
        "You need care at once",
        (
            ("Emergency room", "emergency_room"),
            ("Ambulance", "ambulance"),
            ("Urgent care", "urgent_care"),
        ),
    ),
    Event(
        "You stay in a hospital",
        (("The hospital", "inpatient_facility"), ("Doctors and surgeons", "inpatient_physician")),
    ),
    Event(
        "You need help with mental health or substance use",
        (
            ("Mental health visit", "mental_health_outpatient"),
            ("Mental health hospital stay", "mental_health_inpatient"),
            ("Substance use visit", "substance_use_outpatient"),
            ("Substance use hospital stay", "substance_use_inpatient"),
        ),
    ),
    Event(
        "You have a baby",
        (("Visits before and after birth", "prenatal_care"), ("Birth and hospital stay", "delivery")),
    ),
    Event(
        "You recover or have special needs",
        (
            ("Home health care", "home_health"),
            ("Rehabilitation", "rehabilitation"),
            ("Help to learn skills (habilitation)", "habilitation"),
            ("Skilled nursing", "skilled_nursing"),
            ("Medical equipment", "durable_equipment"),
            ("Hospice", "hospice"),
        ),
    ),
    Event(
        "Your child needs dental or eye care",
        (
            ("Eye exam", "child_eye_exam"),
            ("Glasses", "child_glasses"),
            ("Dental check-up", "child_dental_checkup"),
        ),
    ),
)
_DENTAL_EVENTS = (
    Event(
        "Children",
        (
            ("Check-up", "child_dental_checkup"),
            ("Fillings and other basic care", "child_dental_basic"),
            ("Crowns and other major care", "child_dental_major"),
            ("Braces", "child_orthodontia"),
        ),
    ),
    Event(
        "Adults",
        (
            ("Exams and cleanings", "adult_dental_routine"),
            ("Fillings and other basic care", "adult_dental_basic"),
            ("Crowns and other major care", "adult_dental_major"),
            ("Braces", "adult_orthodontia"),
        ),
    ),
)
EVENTS: Mapping[ProductLine, tuple[Event, ...]] = MappingProxyType(
    {ProductLine.MEDICAL: _MEDICAL_EVENTS, ProductLine.DENTAL: _DENTAL_EVENTS}
)


def named_categories(line: ProductLine) -> frozenset[str]:
    """Categories that stand in an event of the line."""
    return frozenset(category for event in EVENTS[line] for _, category in event.services)

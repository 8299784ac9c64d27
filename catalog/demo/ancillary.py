"""Ancillary products of the demo as data: vision, accident, critical illness, hospital, life and services.

Dental is filed in the federal templates (see ``dental``). Rates are those of 2027; all texts and numbers are invented.
"""

SELF, SPOUSE, CHILD = "self", "spouse", "child"
KIDS = (0, 25)

# product id, line, name, description, form, excepted, requires line, underwriting, preferred
PRODUCTS = (
    ("LW-VIS", "vision", "Lakewright Vision",
     "Eye exams, glasses and contact lenses.", "LWVIS-OH-01", "yes", "", "guaranteed", "yes"),
    ("LW-ACC", "accident", "Lakewright Accident", "Pays you a fixed amount for injuries and the care they need.",
     "LWACC-OH-01", "yes", "", "guaranteed", "no"),
    ("LW-CRI", "critical_illness", "Lakewright Critical Illness",
     "Pays you a lump sum at the first heart attack, stroke or cancer.", "LWCRI-OH-02", "yes", "", "questions", "no"),
    ("LW-HOS", "hospital_indemnity", "Lakewright Hospital Cash",
     "Pays you a fixed amount for each hospital stay and day.",
     "LWHOS-OH-01", "yes", "", "questions", "no"),
    ("LW-LIF", "life", "Lakewright Term Life", "Life insurance for one year at a time.",
     "LWLIF-OH-03", "yes", "", "questions", "no"),
    ("LW-TEL", "telehealth", "Lakewright Visits by Video",
     "Doctor visits by video at any hour, beside your medical plan.",
     "LWTEL-OH-01", "no", "", "guaranteed", "yes"),
    ("LW-WEL", "wellness", "Lakewright at Home", "Devices that send your readings to a nurse, and a wellness coach.",
     "LWWEL-OH-01", "no", "", "guaranteed", "no"),
    ("LW-RID", "transport", "Lakewright Rides", "Rides to the doctor and back when it is not an emergency.",
     "LWRID-OH-01", "no", "", "guaranteed", "no"),
    ("LW-HSA", "hsa", "Lakewright Health Savings Account", "A savings account with tax advantages, held by a bank.",
     "LWHSA-OH-01", "no", "medical", "guaranteed", "yes"),
)  # fmt: skip

# option id, product, kind, base option, name, description
OPTIONS = (
    ("LW-VIS-ESS", "LW-VIS", "choice",
     "", "Vision Essential", "An exam each year and an allowance for glasses every two years."),
    ("LW-VIS-PLU", "LW-VIS", "choice", "", "Vision Plus", "An exam and glasses or contact lenses each year."),
    ("LW-VIS-PRE", "LW-VIS", "choice", "", "Vision Premier", "Higher allowances, and lenses with coatings."),
    ("LW-VIS-KID", "LW-VIS", "choice", "", "Vision Kids", "For children without an adult on the policy."),
    ("LW-VIS-PAIR", "LW-VIS", "rider",
     "LW-VIS-PRE", "Second pair of glasses", "A second pair each year on the same terms."),
    ("LW-ACC-BAS", "LW-ACC", "choice", "", "Accident Basic", "Fixed amounts for emergency care, fractures and stays."),
    ("LW-ACC-PLU", "LW-ACC", "choice", "", "Accident Plus", "Twice the amounts of Accident Basic for most injuries."),
    ("LW-ACC-BAS-SPO", "LW-ACC", "rider", "LW-ACC-BAS", "Organized sports", "Pays a quarter more for sports injuries."),
    ("LW-ACC-PLU-SPO", "LW-ACC", "rider", "LW-ACC-PLU", "Organized sports", "Pays a quarter more for sports injuries."),
    ("LW-CRI-10", "LW-CRI", "choice", "", "Critical Illness $10,000", "A lump sum of $10,000."),
    ("LW-CRI-20", "LW-CRI", "choice", "", "Critical Illness $20,000", "A lump sum of $20,000."),
    ("LW-CRI-30", "LW-CRI", "choice", "", "Critical Illness $30,000", "A lump sum of $30,000."),
    ("LW-CRI-30-REC", "LW-CRI", "rider",
     "LW-CRI-30", "Recurrence", "Half the amount again when the illness comes back."),
    ("LW-HOS-BAS", "LW-HOS", "choice", "", "Hospital Cash 100", "$500 for a stay and $100 a day."),
    ("LW-HOS-PLU", "LW-HOS", "choice", "", "Hospital Cash 200", "$1,000 for a stay and $200 a day."),
    ("LW-LIF-25", "LW-LIF", "choice", "", "Term Life $25,000", "Pays $25,000 to the person you name."),
    ("LW-LIF-50", "LW-LIF", "choice", "", "Term Life $50,000", "Pays $50,000 to the person you name."),
    ("LW-LIF-100", "LW-LIF", "choice", "", "Term Life $100,000", "Pays $100,000 to the person you name."),
    ("LW-LIF-250", "LW-LIF", "choice", "", "Term Life $250,000", "Pays $250,000 to the person you name."),
    ("LW-TEL-STD", "LW-TEL", "choice", "", "Video Visits", "Urgent care by video for everybody on the policy."),
    ("LW-TEL-CAR", "LW-TEL", "choice", "", "Video Visits and Counseling", "Urgent care and counseling by video."),
    ("LW-WEL-PRE", "LW-WEL", "choice",
     "", "Blood Pressure at Home", "A cuff, a nurse who reads the results, and a coach."),
    ("LW-WEL-GLU", "LW-WEL", "choice", "", "Blood Sugar at Home", "A meter, strips, a nurse and a coach."),
    ("LW-RID-12", "LW-RID", "choice", "", "Rides 12", "Twelve one-way rides a year."),
    ("LW-RID-24", "LW-RID", "choice", "", "Rides 24", "Twenty-four one-way rides a year, wheelchair vans too."),
    ("LW-HSA-STD", "LW-HSA", "choice", "", "Health Savings Account", "Needs an HSA-qualified medical plan."),
)  # fmt: skip

_DIRECTORY = "https://example.org/lakewright/directory/vision"
_CRITICAL = "spouse_percent percent 50; child_percent percent 25; guaranteed_issue_amount money 10000.00"
_LIFE = "spouse_percent percent 50; child_face_amount money 5000.00; conversion_right yes_no yes"
ATTRIBUTES = {
    "LW-VIS-ESS": f"level text Essential; network_id text LWV01; directory_url url {_DIRECTORY}",
    "LW-VIS-PLU": f"level text Plus; network_id text LWV01; directory_url url {_DIRECTORY}",
    "LW-VIS-PRE": f"level text Premier; network_id text LWV01; directory_url url {_DIRECTORY}",
    "LW-VIS-KID": f"level text Kids; network_id text LWV01; directory_url url {_DIRECTORY}",
    "LW-ACC-BAS": "level text Basic; hsa_compatible yes_no yes",
    "LW-ACC-PLU": "level text Plus; hsa_compatible yes_no yes",
    "LW-CRI-10": f"face_amount money 10000.00; {_CRITICAL}",
    "LW-CRI-20": f"face_amount money 20000.00; {_CRITICAL}",
    "LW-CRI-30": f"face_amount money 30000.00; {_CRITICAL}",
    "LW-HOS-BAS": "level text Basic; hsa_compatible yes_no yes",
    "LW-HOS-PLU": "level text Plus; hsa_compatible yes_no yes",
    "LW-LIF-25": f"face_amount money 25000.00; {_LIFE}",
    "LW-LIF-50": f"face_amount money 50000.00; {_LIFE}",
    "LW-LIF-100": f"face_amount money 100000.00; {_LIFE}",
    "LW-LIF-250": f"face_amount money 250000.00; {_LIFE}",
    "LW-TEL-STD": "hsa_compatible yes_no yes",
    "LW-TEL-CAR": "hsa_compatible yes_no yes",
    "LW-WEL-PRE": "devices_included text Blood pressure cuff; hsa_compatible yes_no yes",
    "LW-WEL-GLU": "devices_included text Blood sugar meter and strips; hsa_compatible yes_no yes",
    "LW-RID-12": "trips_per_year integer 12; hsa_compatible yes_no yes",
    "LW-RID-24": "trips_per_year integer 24; hsa_compatible yes_no yes",
    "LW-HSA-STD": "monthly_fee money 2.50; investment_minimum money 1000.00; interest_percent percent 1.25; "
    "custodian text Example Savings Bank",
}  # fmt: skip

# Rates by role for everybody of an age: option -> "role unit low-high amount; ..."
_ADULTS = "self per_person 18-120 {0}; spouse per_person 18-120 {0}"
FLAT_RATES = {
    "LW-VIS-ESS": _ADULTS.format("6.40") + "; child per_person 0-25 4.10",
    "LW-VIS-PLU": _ADULTS.format("9.85") + "; child per_person 0-25 6.20",
    "LW-VIS-PRE": _ADULTS.format("14.60") + "; child per_person 0-25 9.35",
    "LW-VIS-KID": "self per_person 0-18 6.20",
    "LW-VIS-PAIR": _ADULTS.format("4.75") + "; child per_person 0-25 3.15",
    "LW-ACC-BAS": "self per_person 18-80 9.20; spouse per_person 18-80 6.10; child per_policy 0-25 5.40",
    "LW-ACC-PLU": "self per_person 18-80 15.75; spouse per_person 18-80 10.60; child per_policy 0-25 9.30",
    "LW-ACC-BAS-SPO": "policy per_policy 0-120 2.25",
    "LW-ACC-PLU-SPO": "policy per_policy 0-120 3.90",
    "LW-CRI-30-REC": "self per_person 18-64 4.20; spouse per_person 18-64 2.10",
    "LW-TEL-STD": "policy per_policy 0-120 9.00",
    "LW-TEL-CAR": "policy per_policy 0-120 16.50",
    "LW-WEL-PRE": _ADULTS.format("14.00"),
    "LW-WEL-GLU": _ADULTS.format("22.00"),
    "LW-RID-12": "policy per_policy 0-120 7.50",
    "LW-RID-24": "policy per_policy 0-120 13.25",
    "LW-HSA-STD": "policy per_policy 0-120 2.50",
}

BANDS = ((18, 29), (30, 39), (40, 49), (50, 59), (60, 64))
# Monthly rate by age band: (no tobacco, tobacco). Critical illness: for $10,000; hospital: level 100; life: per 1,000.
CRITICAL_10 = (("3.10", "4.65"), ("4.90", "7.85"), ("9.60", "16.30"), ("18.40", "33.10"), ("27.90", "50.20"))
HOSPITAL_100 = ("8.90", "9.60", "11.40", "15.20", "19.80")
LIFE_1000 = (("0.07", "0.12"), ("0.09", "0.17"), ("0.19", "0.38"), ("0.52", "1.02"), ("0.98", "1.85"))
FACE_FACTORS = {"LW-CRI-10": "1", "LW-CRI-20": "1.96", "LW-CRI-30": "2.88"}
HOSPITAL_FACTORS = {"LW-HOS-BAS": "1", "LW-HOS-PLU": "1.94"}
LIFE_OPTIONS = ("LW-LIF-25", "LW-LIF-50", "LW-LIF-100", "LW-LIF-250")


def _row(
    benefit: str,
    tier: str = "any",
    member: str = "",
    pays: str = "",
    unit: str = "",
    limit: str = "",
    per: str = "",
    wait: str = "",
    waived: str = "",
    text: str = "",
) -> tuple[str, ...]:
    """One benefit: tier, what the member pays, what the policy pays, limit, waiting days and text."""
    return benefit, tier, member, pays, unit, limit, per, wait, waived, text


def _vision(exam: str, frames: str, every: str, lenses: str) -> tuple[tuple[str, ...], ...]:
    return (
        _row("Eye exam", "in_network", exam, limit="1", per="per year"),
        _row("Eye exam", "out_of_network", pays="40.00", unit="allowance", limit="1", per="per year"),
        _row(
            "Frames",
            "in_network",
            pays=frames,
            unit="allowance",
            limit="1",
            per=every,
            text="20 % off what is above it.",
        ),
        _row("Lenses", "in_network", lenses, limit="1", per=every),
        _row(
            "Contact lenses",
            "in_network",
            pays=frames,
            unit="allowance",
            limit="1",
            per=every,
            text="Instead of glasses.",
        ),
    )


def _accident(emergency: str, fracture: str, stay: str, day: str) -> tuple[tuple[str, ...], ...]:
    return (
        _row("Emergency room visit", pays=emergency, unit="per_event", limit="2", per="per year"),
        _row("Fracture", pays=fracture, unit="per_event", text="The amount depends on the bone; this is the largest."),
        _row("Hospital stay after an accident", pays=stay, unit="per_event", limit="1", per="per event"),
        _row("Hospital day after an accident", pays=day, unit="per_day", limit="30", per="days per stay"),
        _row("Follow-up visit", pays="50.00", unit="per_visit", limit="4", per="per event"),
    )


_ILLNESS = (
    _row("Heart attack", pays="100", unit="percent_of_face", limit="1", per="per lifetime", wait="30"),
    _row("Stroke", pays="100", unit="percent_of_face", limit="1", per="per lifetime", wait="30"),
    _row("Invasive cancer", pays="100", unit="percent_of_face", limit="1", per="per lifetime", wait="30",
         text="Not for illness that was treated in the 12 months before coverage starts."),
    _row("Early-stage cancer", pays="25", unit="percent_of_face", limit="1", per="per lifetime", wait="30"),
    _row("Health screening", pays="50.00", unit="per_year", limit="1", per="per year"),
)  # fmt: skip


def _hospital(stay: str, day: str) -> tuple[tuple[str, ...], ...]:
    return (
        _row("Hospital stay", pays=stay, unit="per_event", limit="2", per="per year", wait="30"),
        _row("Hospital day", pays=day, unit="per_day", limit="30", per="days per stay", wait="30"),
        _row("Stay for childbirth", pays=stay, unit="per_event", limit="1", per="per year", wait="270", waived="yes"),
    )


_DEATH = (
    _row("Death benefit", pays="100", unit="percent_of_face", limit="1", per="per lifetime",
         text="Not for suicide in the first two years."),
    _row("Early payment in terminal illness", pays="50", unit="percent_of_face", limit="1", per="per lifetime"),
)  # fmt: skip
_VIDEO = _row("Urgent care visit by video", member="No Charge", text="Does not replace your medical plan.")
_COACH = _row("Coach visit by phone", member="No Charge", limit="12", per="per year")
_SPORTS = (_row("Sports injury", pays="25", unit="percent_of_charge", text="On top of the other amounts."),)
_SECOND_PAIR = (_row("Second pair", "in_network", pays="220.00", unit="allowance", limit="1", per="per year"),)
_RIDE = "Book two days ahead. For emergencies call 911."

BENEFITS = {
    "LW-VIS-ESS": _vision("$15.00", "120.00", "per 2 years", "$25.00"),
    "LW-VIS-PLU": _vision("$10.00", "150.00", "per year", "$15.00"),
    "LW-VIS-PRE": _vision("No Charge", "220.00", "per year", "$10.00"),
    "LW-VIS-KID": _vision("No Charge", "150.00", "per year", "No Charge"),
    "LW-VIS-PAIR": _SECOND_PAIR,
    "LW-ACC-BAS": _accident("150.00", "1500.00", "750.00", "100.00"),
    "LW-ACC-PLU": _accident("300.00", "3000.00", "1500.00", "200.00"),
    "LW-ACC-BAS-SPO": _SPORTS,
    "LW-ACC-PLU-SPO": _SPORTS,
    "LW-CRI-10": _ILLNESS,
    "LW-CRI-20": _ILLNESS,
    "LW-CRI-30": _ILLNESS,
    "LW-CRI-30-REC": (_row("Recurrence", pays="50", unit="percent_of_face", limit="1", per="per lifetime",
              wait="180"),),
    "LW-HOS-BAS": _hospital("500.00", "100.00"),
    "LW-HOS-PLU": _hospital("1000.00", "200.00"),
    **dict.fromkeys(LIFE_OPTIONS, _DEATH),
    "LW-TEL-STD": (_VIDEO,),
    "LW-TEL-CAR": (_VIDEO, _row("Counseling visit by video", member="$20.00", limit="12", per="per year")),
    "LW-WEL-PRE": (_row("Blood pressure cuff", member="No Charge", limit="1", per="per 2 years"), _COACH),
    "LW-WEL-GLU": (_row("Blood sugar meter and strips", member="No Charge"), _COACH),
    "LW-RID-12": (_row("Ride to care", member="No Charge", limit="12", per="per year", text=_RIDE),),
    "LW-RID-24": (_row("Ride to care", member="No Charge", limit="24", per="per year", text=_RIDE),),
    "LW-HSA-STD": (_row("Debit card for health costs", member="No Charge"),),
}  # fmt: skip

# Who may be covered: option prefix -> "role low-high most"; the longest prefix wins. most 0: no limit filed.
ELIGIBILITY = {
    "LW-VIS": "self 18-120 1; spouse 18-120 1; child 0-25 0",
    "LW-VIS-KID": "self 0-18 1",
    "LW-ACC": "self 18-80 1; spouse 18-80 1; child 0-25 0",
    "LW-CRI": "self 18-64 1; spouse 18-64 1; child 0-25 0",
    "LW-CRI-30-REC": "self 18-64 1; spouse 18-64 1",
    "LW-HOS": "self 18-64 1; spouse 18-64 1; child 0-25 0",
    "LW-LIF": "self 18-64 1; spouse 18-64 1; child 0-25 0",
    "LW-TEL": "self 0-120 1; spouse 0-120 1; child 0-25 0",
    "LW-WEL": "self 18-120 1; spouse 18-120 1",
    "LW-RID": "self 0-120 1; spouse 0-120 1; child 0-25 0",
    "LW-HSA": "self 18-64 1",
}
HSA_TEXT = "Only with an HSA-qualified medical plan, without Medicare, and not as somebody else's tax dependent."

# product, question id, text, role, answer type, expected, on other answer
_TREATED = "In the last 5 years, has a doctor treated you for {0}?"
QUESTIONS = (
    ("LW-CRI", "CRI-1", _TREATED.format("cancer, a heart attack or a stroke"), "decline"),
    ("LW-CRI", "CRI-2", "Are you waiting for the result of a test for cancer or heart disease?", "refer"),
    ("LW-HOS", "HOS-1", "Are you in a hospital now, or has a doctor told you to go to one?", "decline"),
    ("LW-LIF", "LIF-1", _TREATED.format("cancer, heart disease, a stroke or kidney failure"), "refer"),
    ("LW-LIF", "LIF-2", "In the last 3 years, has an insurer refused you life insurance?", "refer"),
    ("LW-LIF", "LIF-3", "Do you fly a plane, dive or climb as a hobby?", "refer"),
)

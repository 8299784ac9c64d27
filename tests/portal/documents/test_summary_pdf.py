"""The paper itself: accessible, complete, the same each time, whatever the household is called."""

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pdfua
import pypdf
import pytest

from portal.documents import engine
from portal.documents.summary import BrokenRule, Check, CreditState, CreditSummary, make_summary_pdf, summary_letter
from portal.web.branding import branding
from portal.web.formats import day, dollars

EMOJI = "👩‍👧‍👦" * 60
RIGHT_TO_LEFT = "مَرْيَم بنت يوسف ריבקה"
CONTROLS = "Mar\x00ia \x1b[2J\ud800\u202e4.00 evil\ufffe"
HOSTILE = '"><script>alert(1)</script><img src=http://198.51.100.7/x><a href="javascript:alert(1)">&amp;'


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(content).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


def findings(content: bytes, path) -> list:
    path.write_bytes(content)
    report = pdfua.validate(path)
    return [found for found in report.findings if found.severity is pdfua.Severity.ERROR]


def hard_names(example):
    """One household with every name that has broken a document somewhere."""
    summary = example.with_name("😀" * 300)
    names = (EMOJI, RIGHT_TO_LEFT, HOSTILE, CONTROLS)
    people = tuple(replace(summary.people[1], name=name) for name in names)
    dental = replace(summary.policies[1], covered=names)
    return replace(
        summary,
        people=(*summary.people, *people),
        policies=(summary.policies[0], dental, *summary.policies[2:]),
        may_have_medicaid=names,
    )


@pytest.mark.parametrize("large_print", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("name", ["family", "twelve", "hard names"])
def test_no_error_of_accessibility(example, tmp_path, name, large_print):
    variants = {
        "family": lambda: example.FAMILY_OF_FOUR,
        "twelve": example.household_of_twelve,
        "hard names": lambda: hard_names(example),
    }
    content = make_summary_pdf(variants[name](), large_print)
    assert findings(content, tmp_path / "summary.pdf") == []
    assert len(read(content).pages) <= (28 if large_print else 14)


def test_the_checker_would_find_an_error(tmp_path):
    from weasyprint import HTML

    content = HTML(string="<html lang=en><title>T</title><p>untagged").write_pdf()
    assert findings(content, tmp_path / "untagged.pdf") != []


@pytest.mark.parametrize("large_print", [False, True], ids=["usual", "large"])
def test_page_one_answers_the_question(example, large_print):
    family = example.FAMILY_OF_FOUR
    first = read(make_summary_pdf(family, large_print)).pages[0].extract_text()
    for wanted in (
        dollars(family.net),
        day(family.starts),
        day(family.change_until),
        branding().phone,
        "not enrolled yet",
    ):
        assert wanted in first
    if not large_print:
        assert all(policy.name in first for policy in family.policies)


@pytest.mark.parametrize("large_print", [False, True], ids=["usual", "large"])
def test_every_amount_is_on_paper(example, large_print):
    family = example.FAMILY_OF_FOUR
    text = text_of(make_summary_pdf(family, large_print))
    amounts = [family.net, family.premium, family.credit] if not large_print else [family.net, family.credit]
    for policy in family.policies:
        amounts += [policy.premium, policy.net, *(row.amount for row in policy.rows)]
        if policy.add_on:
            amounts.append(family.net - policy.net)
    assert [amount for amount in amounts if dollars(amount) not in text] == []


def test_every_row_of_every_plan_is_on_paper(example):
    text = squeezed(text_of(make_summary_pdf(example.FAMILY_OF_FOUR)))
    for policy in example.FAMILY_OF_FOUR.policies:
        plan = policy.details
        said = [*plan.limits, *plan.not_covered, *(row.event for row in plan.payouts)]
        rows = (*plan.amounts, *(row for group in plan.groups for row in group.rows))
        said += [value for row in rows for value in (row.name, row.note, *row.values)]
        said += [value for row in plan.payouts for value in (row.pays, row.limit)]
        assert [value for value in said if squeezed(value) not in text] == []


def test_how_it_was_made_is_on_paper(example):
    family = example.FAMILY_OF_FOUR
    pages = [squeezed(page.extract_text()) for page in read(make_summary_pdf(family)).pages]
    record = family.record
    for wanted in (record.reference, record.quote_convention, record.sort_name, *record.assumptions):
        assert any(squeezed(wanted) in page for page in pages)
    for number, page in enumerate(pages, start=1):
        assert f"Page{number}of{len(pages)}" in page
        for wanted in (day(family.made_on), record.release, record.rule_set, record.law):
            assert squeezed(wanted) in page


def test_the_warnings_are_on_paper(example):
    text = squeezed(text_of(make_summary_pdf(example.FAMILY_OF_FOUR)))
    for wanted in (
        "They are not health insurance",
        "It is not comprehensive health insurance",
        "If your income changes, report it",
        "Sofía Rivera and Leo Rivera may qualify for Medicaid",
    ):
        assert squeezed(wanted) in text


def test_warnings_that_do_not_apply_are_not_on_paper(example):
    family = example.FAMILY_OF_FOUR
    medical = replace(example.MEDICAL, credit=Decimal(0), net=example.MEDICAL.premium)
    plain = replace(
        family,
        policies=(medical,),
        premium=medical.premium,
        credit=Decimal(0),
        net=medical.premium,
        credit_summary=CreditSummary(CreditState.NONE),
        may_have_medicaid=(),
    )
    text = text_of(make_summary_pdf(plain))
    for unwanted in ("fixed amount", "income changes", "Medicaid", "add-on"):
        assert unwanted not in text
    assert "No tax credit is used here" in text


def test_an_unknown_credit_is_said_on_page_one(example):
    first = read(make_summary_pdf(example.household_of_twelve())).pages[0].extract_text()
    assert "before any tax credit, which is not known" in first


def test_a_broken_rule_is_said_on_page_one(example):
    rule = BrokenRule("A health savings account needs an HSA-qualified plan.", "Take out the account.", ("26 USC 223",))
    broken = replace(example.FAMILY_OF_FOUR, check=Check(12, broken=(rule,), open_questions=("Is Leo a student?",)))
    pages = [page.extract_text() for page in read(make_summary_pdf(broken)).pages]
    assert "cannot be bought as it is" in pages[0]
    assert rule.message in squeezed_spaces(pages[0])
    everything = squeezed_spaces(" ".join(pages))
    assert "26 USC 223" in everything
    assert "Is Leo a student?" in everything


def test_an_open_question_leaves_the_answer_open(example):
    open_still = replace(
        example.FAMILY_OF_FOUR,
        check=Check(12, open_questions=("Is Leo a student?",)),
        remark="All of this is invented.",
    )
    content = make_summary_pdf(open_still)
    assert "So far, yes." in text_of(content)
    assert "All of this is invented." in read(content).pages[0].extract_text()


def squeezed_spaces(text: str) -> str:
    return " ".join(text.split())


def test_an_elected_bundle_says_so(example):
    family = example.FAMILY_OF_FOUR
    first = read(make_summary_pdf(replace(family, elected_on=family.made_on))).pages[0].extract_text()
    assert "You chose this bundle on November 15, 2026" in first
    assert "not enrolled" not in first


def test_tags_title_language_and_bookmarks(example):
    pdf = read(make_summary_pdf(example.FAMILY_OF_FOUR))
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en-US"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title.startswith("Your bundle for 2027")
    top, inner = pdf.outline[0], pdf.outline[1]
    assert top.title == "Your bundle for 2027"
    assert "Medical: Lantern Silver 5000 PPO" in [entry.title for entry in inner if not isinstance(entry, list)]


def test_letter_paper(example):
    box = read(make_summary_pdf(example.FAMILY_OF_FOUR)).pages[0].mediabox
    assert (box.width, box.height) == (612, 792)


def test_equal_summaries_make_equal_bytes(example, fresh):
    first = make_summary_pdf(example.FAMILY_OF_FOUR)
    engine.forget()
    make_summary_pdf(example.with_name("Somebody Else"))
    assert make_summary_pdf(example.FAMILY_OF_FOUR) == first
    other_day = replace(example.FAMILY_OF_FOUR, made_on=example.FAMILY_OF_FOUR.made_on + timedelta(days=1))
    assert make_summary_pdf(other_day) != first


def test_values_are_text_never_markup(example):
    content = make_summary_pdf(example.with_name(HOSTILE))
    pdf = read(content)
    assert squeezed("<script>alert(1)</script>") in squeezed(text_of(content))
    assert targets(pdf) == {branding().phone_link, "https://lantern.example/directory", "https://lantern.example/drugs"}


def targets(pdf: pypdf.PdfReader) -> set[str]:
    links = [note.get_object() for page in pdf.pages for note in page.get("/Annots", ())]
    return {link["/A"]["/URI"] for link in links}


def test_an_address_that_is_not_https_is_no_link(example):
    family = example.FAMILY_OF_FOUR
    bad = replace(
        example.MEDICAL_DETAILS,
        documents=(replace(example.MEDICAL_DETAILS.documents[0], value="javascript:alert(1)"),),
    )
    policies = (replace(family.policies[0], details=bad), *family.policies[1:])
    assert targets(read(make_summary_pdf(replace(family, policies=policies)))) == {branding().phone_link}


def test_a_bare_bundle_can_be_printed(example):
    empty = replace(
        example.FAMILY_OF_FOUR, policies=(), premium=Decimal(0), credit=Decimal(0), net=Decimal(0), people=()
    )
    assert "$0.00" in text_of(make_summary_pdf(empty))


def test_long_names_are_cut_with_a_sign(example):
    text = text_of(make_summary_pdf(example.with_name("Wolfeschlegelstein" * 20)))
    assert "…" in text


def test_shared_pages_hold_nothing_of_the_person(example):
    letter = summary_letter(example.with_name("Xanthippe Quill"))
    html = engine._html(letter, letter.shared, before=0, after=0)
    assert "Xanthippe" not in html
    assert "43215" not in html
    assert all(dollars(policy.net) not in html for policy in example.FAMILY_OF_FOUR.policies if policy.net > 20)

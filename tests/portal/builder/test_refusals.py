"""What a tampered form asks for is refused with the reason, and changes nothing."""

import pytest

from tests.portal.builder.conftest import BRONZE, GOLD, Builder

SOMEBODY = "0" * 32


@pytest.mark.parametrize(
    ("line", "option", "words"),
    [
        ("vision", "LW-ACC-BAS", "not on offer"),
        ("vision", "nothing", "not on offer"),
        ("vision", "", "not on offer"),
        ("medical", "99999OH0010001", "not on offer"),
        ("dental", GOLD, "not on offer"),
        ("vision", "LW-VIS-PAIR", "not on offer"),
        ("vision", "LW-VIS-KID", "Vision Kids does not cover a child"),
        ("critical_illness", "LW-CRI-20", "Answer the health questions"),
    ],
)
def test_what_cannot_be_chosen_is_refused(builder, line, option, words):
    answer = builder.choose(line, option)
    assert answer.status == 422
    assert words in answer.dom.find(id="error-summary").text
    assert builder.draft() is None


def test_a_rider_of_another_option_is_refused(builder):
    answer = builder.choose("vision", "LW-VIS-PLU", riders="LW-VIS-PAIR")
    assert answer.status == 422
    assert "does not belong to this option" in answer.text


def test_people_of_others_are_refused(builder, new_client):
    other = Builder(new_client(builder.client.app)).family("50")
    stranger = other.hidden(other.page("vision"))["covered"]
    for covered in (stranger, [SOMEBODY], [*builder.hidden(builder.page("vision"))["covered"], SOMEBODY]):
        answer = builder.choose("vision", "LW-VIS-PLU", covered=covered)
        assert answer.status == 422
        assert "not in your household" in answer.text
    assert builder.draft() is None


def test_a_policy_covers_somebody(builder):
    page = builder.page("vision")
    answer = builder.choose("vision", "LW-VIS-PLU", page, covered=[])
    assert answer.status == 422
    assert "tick at least one person" in answer.text


def test_people_who_do_not_need_cover_cannot_be_covered(builder):
    first, *_, last = builder.hidden(builder.page("vision"))["covered"]
    builder.change_person(last, applying="no", birth_date="4/12/2022")
    assert builder.choose("vision", "LW-VIS-PLU", covered=[first, last]).status == 422
    assert builder.choose("vision", "LW-VIS-PLU").status == 303


def test_a_price_in_the_form_is_not_looked_at(builder):
    builder.choose("vision", "LW-VIS-PLU")
    honest = builder.total
    builder.choose("vision", "none")
    builder.choose("vision", "LW-VIS-PLU", price="0.01", premium="0.01", net_premium="0.01", credit="500")
    assert builder.total == honest


def test_an_answer_that_the_issuer_declines_says_so(builder):
    answers = builder.health(CRI_1="yes", CRI_2="no")
    answer = builder.choose("critical_illness", "LW-CRI-20", **answers)
    assert answer.status == 422
    assert "LWCRI-OH-02" in answer.text
    assert "cannot give this policy to You (38)" in answer.text
    assert "You can choose something else, or say no thanks." in answer.text
    (declined, _) = answers
    assert answer.dom.find("input", attrs={"name": declined, "value": "yes"}).has_attr("checked")
    assert builder.draft() is None


def test_family_members_without_the_applicant_are_refused(builder):
    _, *others = builder.hidden(builder.page("accident"))["covered"]
    builder.choose("accident", "LW-ACC-BAS")
    fields = builder.hidden(builder.page("accident"), "people") | {"covered": others}
    answer = builder.client.post("/builder/accident/people", fields, token=False)
    assert answer.status == 422
    assert len(builder.draft().picks.choices[0].covered) == 4


@pytest.mark.parametrize(
    ("field", "value"),
    [("fact-income", "1"), ("fact-made_up", "yes"), ("fact-general_fsa", "perhaps"), ("fact-dpc_monthly_fee", "-5")],
)
def test_answers_to_what_is_not_asked_are_refused(builder, field, value):
    builder.choose("medical", GOLD)
    token = builder.hidden(builder.page("vision"))["csrf_token"]
    answer = builder.client.post("/builder/answer", {"csrf_token": token, field: value}, token=False)
    assert answer.status == 422
    assert not builder.page().dom.find(id="told-send")


def test_an_answer_that_is_none_comes_back_as_typed(builder):
    builder.choose("medical", BRONZE)
    builder.choose("hsa", "LW-HSA-STD")
    answer = builder.send("/builder/answer", **{"fact-dpc_monthly_fee": "a lot", "fact-general_fsa": "no"})
    assert answer.status == 422
    assert answer.dom.find(id="fact-dpc_monthly_fee")["value"] == "a lot"
    assert answer.dom.find(id="fact-general_fsa-1").has_attr("checked")


def test_unknown_lines_and_foreign_bundles_are_not_found(builder, new_client):
    builder.choose("vision", "LW-VIS-PLU")
    saved = builder.send("/builder/save", name="Mine").location.rpartition("/")[2]
    other = Builder(new_client(builder.client.app)).family("50")
    key = {"idempotency_key": "k"}
    assert other.client.post(f"/builder/open/{saved}", key).status == 404
    assert other.client.post(f"/builder/open/{SOMEBODY}", key).status == 404
    assert new_client(builder.client.app).post(f"/builder/open/{saved}", key).status == 404
    assert builder.client.post(f"/builder/open/{saved}", {**key, "number": "9"}).status == 404
    assert builder.client.get("/builder/pets").status == 404
    assert builder.client.post("/builder/pets", {"option": "none"}).status == 404
    assert other.bundle == []


def test_nobody_sees_the_draft_of_another(builder, new_client):
    builder.choose("vision", "LW-VIS-PLU")
    assert Builder(new_client(builder.client.app)).family("50").bundle == []
    assert builder.bundle == ["Vision Plus"]

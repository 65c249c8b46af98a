from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.layout import finish_pdf
from advocate_desk.documents.letter import Addressee, CourtLetterFacts, client_name, default_included
from advocate_desk.documents.letter_pages import letter_pdf
from advocate_desk.documents.letter_template import LetterPart, PartKind
from advocate_desk.documents.letterhead import Worker
from advocate_desk.documents.picture import read_picture
from advocate_desk.documents.render import page_count
from advocate_desk.errors import Blocked, BrokenResource, Invalid, Refused
from tests.unit.documents.papers import (
    COURT,
    LETTERHEAD,
    NAMES,
    WORKER,
    check_golden,
    court_facts,
    letter,
    metadata,
    pdfium_text,
    plain,
    poppler_text,
    template,
)
from tests.unit.documents.test_picture import png


def test_the_court_letter_says_what_the_kept_copy_says(fonts: FontSet) -> None:
    check_golden("court_letter", finish_pdf(letter_pdf(fonts, letter())))


def test_the_shortest_court_letter_fits_one_page(fonts: FontSet) -> None:
    bare = CourtLetterFacts(
        client_name="Ann Lee",
        court_name="Leeds Magistrates’ Court",
        urn="13LD1234526",
        supported_since=court_facts().supported_since,
        gateway="Court order",
    )
    composed = letter(bare)
    pdf = letter_pdf(fonts, composed)
    assert page_count(pdf) == 1
    assert "What would help" not in composed.text()
    assert "has told me" not in composed.text()
    assert composed.consent == "This letter is shared on this lawful basis: Court order."
    check_golden("court_letter_short", finish_pdf(pdf))


@pytest.mark.parametrize("language", NAMES)
def test_a_client_of_any_language_is_named_rightly(fonts: FontSet, language: str) -> None:
    name = NAMES[language]
    pdf = finish_pdf(letter_pdf(fonts, letter(court_facts(client_name=name))))
    assert pdfium_text(pdf).count(plain(name)) >= 5
    assert poppler_text(pdf).count(plain(name)) >= 5
    assert metadata(pdf) == {"/Title": "Letter"}


def test_a_fact_that_is_left_out_leaves_no_trace() -> None:
    included = default_included(template()) - {"effect_words", "contact_count", "hearing"}
    said = letter(included=included).text()
    assert "slept" not in said
    assert "contacts" not in said
    assert "Hearing" not in said
    assert "{" not in said
    assert "[" not in said


def test_the_defendant_is_named_only_when_that_is_chosen() -> None:
    facts = court_facts(defendant_name="Mark Planted")
    assert "Planted" not in letter(facts).text()
    included = default_included(template()) | {"defendant_name"}
    assert "Defendant: Mark Planted" in letter(facts, included=included).text()


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("suspect", "the allegation against the suspect"),
        ("defendant", "the allegation against the defendant"),
        ("convicted", "comment on the offence,"),
    ],
)
def test_it_is_alleged_until_conviction(stage: str, said: str) -> None:
    assert said in letter(court_facts(perpetrator_is=stage)).text()


def test_the_letter_says_that_evidence_was_not_discussed() -> None:
    assert "I have not discussed the evidence with Małgorzata Wiśniewska." in letter().text()


def test_missing_facts_are_all_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        letter(CourtLetterFacts(client_name="Ann"), worker=Worker("", "", "", ""))
    assert set(caught.value.problems) == {"court_name", "urn", "supported_since", "consent", "worker"}
    assert "Ann" not in str(caught.value)


def test_an_addressee_that_the_letter_is_not_for_is_refused() -> None:
    with pytest.raises(Blocked):
        letter(addressee=Addressee("employer", ("HR",)))


@pytest.mark.parametrize("kind", ["court", "witness_care", "cps"])
def test_each_addressee_is_greeted_and_bidden_farewell(kind: str) -> None:
    composed = letter(addressee=replace(COURT, kind=kind))
    assert composed.salutation
    assert composed.closing.startswith("Yours")


def test_a_template_with_an_unknown_slot_is_a_broken_resource() -> None:
    part = LetterPart(PartKind.PARAGRAPH, "I know {perpetrator_address}.")
    with pytest.raises(BrokenResource, match="perpetrator_address"):
        letter_of(part)


def letter_of(part: LetterPart) -> str:
    from advocate_desk.documents.letter import compose

    changed = replace(template(), part=(part,))
    return compose(
        changed, court_facts(), default_included(changed), LETTERHEAD, WORKER, COURT, letter().written_on
    ).text()


def test_what_a_person_typed_is_never_read_as_a_slot() -> None:
    said = letter(court_facts(effect_words="I said {urn} and [really] {client_name}.")).text()
    assert "I said {urn} and [really] {client_name}." in said


def test_initials_take_the_first_letter_of_each_name() -> None:
    assert client_name("Ann  Mary Lee", "initials") == "A. M. L."
    assert client_name("سميرة النجار", "initials") == "س. ا."


def test_a_logo_stands_in_the_letterhead(fonts: FontSet) -> None:
    plain_size = len(letter_pdf(fonts, letter()))
    head = replace(LETTERHEAD, logo=read_picture(png(600, 200)))
    assert len(letter_pdf(fonts, letter(letterhead=head))) > plain_size


def test_a_very_long_name_stays_within_the_page(fonts: FontSet) -> None:
    name = "Ann " + "Featherstonehaugh" * 40
    pdf = letter_pdf(fonts, letter(court_facts(client_name=name)))
    said = "".join(pdfium_text(pdf).split())
    assert "Featherstonehaugh" * 3 in said.replace("-", "")


def test_a_name_with_an_override_or_controls_is_cleaned(fonts: FontSet) -> None:
    said = pdfium_text(letter_pdf(fonts, letter(court_facts(client_name="Ann\u202e\x00\n Lee\u2066"))))
    assert "I have supported Ann Lee since" in said


def test_a_name_that_no_font_has_is_refused_by_its_character(fonts: FontSet) -> None:
    with pytest.raises(Refused, match=r"U\+1F600"):
        letter_pdf(fonts, letter(court_facts(client_name="Ann 😀")))


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=60), st.text(max_size=300))
def test_any_typed_text_makes_a_letter_or_a_plain_refusal(name: str, words: str) -> None:
    from tests.unit.documents.papers import own_fonts

    try:
        pdf = letter_pdf(own_fonts(), letter(court_facts(client_name=name, effect_words=words)))
    except Refused as refused:
        assert refused.advice.endswith(".")
    else:
        assert page_count(pdf) >= 1

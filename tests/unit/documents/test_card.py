from __future__ import annotations

import pytest

from advocate_desk.documents.card import CardPart, card_pdf, telling_words
from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.render import page_count
from advocate_desk.errors import Refused
from tests.unit.documents.papers import card_parts, card_rules, check_golden, metadata, pdfium_text


def test_the_card_says_what_the_kept_copy_says(fonts: FontSet) -> None:
    check_golden("card", card_pdf(fonts, card_parts(), card_rules()))


def test_the_card_looks_like_ordinary_notes(fonts: FontSet) -> None:
    pdf = card_pdf(fonts, card_parts(), card_rules())
    assert page_count(pdf) == 1
    assert metadata(pdf) == {"/Title": "Notes"}
    assert pdfium_text(pdf).startswith("Things to remember Packing")
    assert "Page" not in pdfium_text(pdf)


@pytest.mark.parametrize("line", ["Ring the IDVA", "Women's Aid 0808", "bail ends Monday", "My safety plan"])
def test_a_word_that_tells_is_refused(fonts: FontSet, line: str) -> None:
    parts = (CardPart("Phone", (line,)),)
    assert telling_words(parts, card_rules())
    with pytest.raises(Refused, match="tells what it is about"):
        card_pdf(fonts, parts, card_rules())


def test_a_telling_title_is_refused_too(fonts: FontSet) -> None:
    with pytest.raises(Refused):
        card_pdf(fonts, card_parts(), card_rules(), title="Domestic plan")


def test_words_that_only_look_like_telling_ones_may_stay() -> None:
    assert telling_words((CardPart("Phone", ("Bailey, 9 pm", "Adviseroo")),), card_rules()) == ()


def test_too_much_for_a_card_is_refused(fonts: FontSet) -> None:
    with pytest.raises(Refused, match="too much"):
        card_pdf(fonts, (CardPart("Packing", tuple(f"thing {n}" for n in range(40))),), card_rules())


def test_a_part_stays_on_one_half_where_it_fits(fonts: FontSet) -> None:
    parts = (CardPart("One", ("a",) * 6), CardPart("Two", ("b",) * 6))
    assert page_count(card_pdf(fonts, parts, card_rules())) == 1

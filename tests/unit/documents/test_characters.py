from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.documents.characters import clean, clean_line, clusters, script, tie, tie_last


def test_a_name_cannot_turn_the_line_round() -> None:
    assert clean("Ann\u202eeinn\u202c\u2066 Lee\u200f") == "Anneinn Lee"


def test_controls_and_hidden_characters_are_taken_out() -> None:
    assert clean_line("A\x00n\x07n\u200b \ufeff\tLee\n") == "Ann Lee"


def test_joiners_that_spell_a_word_stay() -> None:
    assert clean("می‌خواهم") == "می‌خواهم"


def test_line_ends_of_every_kind_become_one() -> None:
    assert clean("a\r\nb\rc\u2028d") == "a\nb\nc\nd"


def test_dates_times_and_numbers_are_not_parted() -> None:
    assert tie("on 12 November 2026 at 9.15 am, call 0113 496 0123") == (
        "on 12\u00a0November 2026 at 9.15\u00a0am, call 0113\u00a0496\u00a00123"
    )


def test_a_short_last_word_is_tied_to_the_one_before_it() -> None:
    assert tie_last("in the investigation or in any decision in the case.").endswith("the\u00a0case.")
    assert tie_last("too short to tie") == "too short to tie"


def test_scripts_have_names_and_signs_have_none() -> None:
    assert [script(c) for c in "aŵپਸ中ት"] == ["LATIN", "LATIN", "ARABIC", "GURMUKHI", "CJK", "ETHIOPIC"]
    assert [script(c) for c in " .1("] == ["", "", "", ""]


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in once)


@given(st.text(max_size=40))
def test_clusters_cover_the_text_without_gap(text: str) -> None:
    edges = list(clusters(text))
    assert "".join(text[start:end] for start, end in edges) == text

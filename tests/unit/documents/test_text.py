from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advocate_desk.documents import text as text_module
from advocate_desk.documents.blocks import Words
from advocate_desk.documents.fonts import Family, FontSet
from advocate_desk.documents.layout import Edges, make_pdf
from advocate_desk.documents.text import Span, Style, set_paragraph, text_width
from advocate_desk.errors import Refused
from tests.unit.documents.papers import NAMES, own_fonts, pdfium_text, plain, poppler_text

ENGLISH = "This is an ordinary English letter of the kind that a court reads, so most of the page runs left to right."


def page_of(*texts: str, style: Style | None = None) -> bytes:
    paragraphs = [set_paragraph(own_fonts(), text, style or Style(), 440) for text in texts]
    return make_pdf(own_fonts(), [Words(p, before_pt=8) for p in paragraphs], title="Letter", edges=Edges())


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("bold", [False, True])
def test_a_name_inside_an_english_sentence_comes_out_as_it_was_typed(language: str, family: Family, bold: bool) -> None:
    name = plain(NAMES[language])
    sentence = f"I have supported {name} since 3 March 2026, and {name} has agreed to this letter."
    pdf = page_of(ENGLISH, sentence, ENGLISH, style=Style(family=family, bold=bold))
    assert pdfium_text(pdf).count(name) == 2
    assert poppler_text(pdf).count(name) == 2


@pytest.mark.parametrize("language", NAMES)
def test_a_name_alone_on_its_line_comes_out_as_it_was_typed(language: str) -> None:
    pdf = page_of(ENGLISH, NAMES[language], ENGLISH)
    assert plain(NAMES[language]) in pdfium_text(pdf)
    assert plain(NAMES[language]) in poppler_text(pdf)


def test_vowel_marks_never_break_up_a_name() -> None:
    pdf = page_of(ENGLISH, "I have supported فَاطِمَة الزهراء since then, and also Mrs שָׁלוֹם in the same house.", ENGLISH)
    for said in (pdfium_text(pdf), poppler_text(pdf)):
        assert "فاطمة الزهراء" in said
        assert "שלום" in said


def test_vowel_marks_of_an_arabic_line_are_kept() -> None:
    pdf = page_of(ENGLISH, "فَاطِمَة", ENGLISH)
    assert plain("فَاطِمَة") in pdfium_text(pdf)
    assert plain("فَاطِمَة") in poppler_text(pdf)


def test_arabic_stands_from_right_to_left_and_is_joined(fonts: FontSet) -> None:
    [line] = set_paragraph(fonts, "for سميرة النجار today", Style(), 400).lines
    words = [run.text for run in line.runs if not run.is_space]
    assert words == ["for", "النجار", "سميرة", "today"]
    isolated = sum(text_width(fonts, letter, Style()) for letter in "سميرة")
    assert text_width(fonts, "سميرة", Style()) < isolated * 0.8


def test_a_paragraph_of_ours_stays_left_to_right_whatever_name_begins_it(fonts: FontSet) -> None:
    [line] = set_paragraph(fonts, "سميرة asked", Style(), 400).lines
    assert [run.text for run in line.runs] == ["سميرة", " ", "asked"]
    assert line.x_pt == 0


def test_typed_urdu_is_set_from_the_right(fonts: FontSet) -> None:
    [line] = set_paragraph(fonts, "یہ خط عدالت کے لیے ہے", Style(typed=True), 400).lines
    assert line.x_pt > 0
    assert line.runs[-1].text == "یہ"


def test_a_word_wider_than_the_line_is_broken_and_nothing_is_lost(fonts: FontSet) -> None:
    name = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 5
    paragraph = set_paragraph(fonts, f"A {name} end", Style(), 120)
    assert all(line.width_pt <= 120 for line in paragraph.lines)
    assert "".join(paragraph.text().split()) == f"A{name}end"


def test_chinese_breaks_between_characters_but_not_before_a_full_stop(fonts: FontSet) -> None:
    paragraph = set_paragraph(fonts, "彭德威教授艾达科妮莉亚塞西莉亚。" * 4, Style(), 100)
    assert len(paragraph.lines) > 4
    assert not any(line.runs[0].text.startswith("。") for line in paragraph.lines)


def test_a_date_stays_on_one_line(fonts: FontSet) -> None:
    text = "It was listed for 12 November 2026"
    width = text_width(fonts, "It was listed for 12", Style()) + 2
    lines = set_paragraph(fonts, text, Style(), width).lines
    assert "".join(run.text for run in lines[0].runs) == "It was listed for"


def test_emphasis_takes_another_cut_and_keeps_the_words(fonts: FontSet) -> None:
    paragraph = set_paragraph(fonts, [Span("for "), Span("Ann", bold=True), Span(" too", italic=True)], Style(), 300)
    stems = {run.face.path.stem for run in paragraph.lines[0].runs}
    assert stems == {"SourceSerif4-Regular", "SourceSerif4-Bold", "SourceSerif4-Italic"}
    assert paragraph.text() == "for Ann too"


def test_an_emoji_is_refused_before_a_page_is_made(fonts: FontSet) -> None:
    with pytest.raises(Refused, match=r"U\+1F600"):
        set_paragraph(fonts, "Ann 😀", Style(), 300)


def test_a_direction_override_in_a_name_has_no_effect(fonts: FontSet) -> None:
    [line] = set_paragraph(fonts, "Ann\u202eeeL", Style(), 300).lines
    assert "".join(run.text for run in line.runs) == "AnneeL"


NAMES_OF_ALL_KINDS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("aéŵ سميرة ًّ ਸ਼੍ਰੀ চৌধুরী 彭 ትግ שָׁל () \u202e\u200d\u0301 -/\n12"),
    ),
    max_size=40,
)


@settings(max_examples=150)
@given(NAMES_OF_ALL_KINDS)
def test_any_name_is_set_or_refused_and_never_breaks_the_page(name: str) -> None:
    try:
        pdf = page_of(f"I support {name}.", name)
    except Refused as refused:
        assert "U+" in refused.advice or "higher than a page" in refused.advice
    else:
        assert pdf.startswith(b"%PDF")
        assert "support" in pdfium_text(pdf)


def test_a_wall_of_letters_costs_in_proportion_to_its_length(fonts: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    shaped: list[int] = []
    shape_run = text_module._shape_run

    def counted(run: str, *rest: object) -> object:
        shaped.append(len(run))
        return shape_run(run, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(text_module, "_shape_run", counted)
    costs = []
    for letters in (1_500, 6_000):
        shaped.clear()
        paragraph = set_paragraph(fonts, "a" * letters, Style(), 460)
        assert "".join(run.text for line in paragraph.lines for run in line.runs) == "a" * letters
        costs.append(sum(shaped))
    assert costs[1] < costs[0] * 6

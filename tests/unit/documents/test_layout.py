from __future__ import annotations

import io

import pikepdf
import pytest

from advocate_desk.documents.blocks import Block, Column, Figure, Row, Words
from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.layout import MAX_PAGES, Edges, Page, finish_pdf, make_pdf
from advocate_desk.documents.picture import read_picture
from advocate_desk.documents.render import page_texts
from advocate_desk.documents.text import Style, set_paragraph
from advocate_desk.errors import Refused
from tests.unit.documents.papers import metadata
from tests.unit.documents.test_picture import png

STYLE = Style()
EDGES = Edges(notice="Confidential: do not forward", version="Version 2", continued="NIA 0231")

XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Bethan Rees</dc:creator></rdf:Description>
</rdf:RDF></x:xmpmeta>"""


def words(fonts: FontSet, text: str, **changes: object) -> Words:
    return Words(set_paragraph(fonts, text, STYLE, Page().measure_pt), **changes)  # type: ignore[arg-type]


def test_every_page_says_its_number_notice_and_version(fonts: FontSet) -> None:
    blocks = [words(fonts, f"Paragraph {number}. " + "A line of text. " * 20, before_pt=6) for number in range(30)]
    texts = page_texts(make_pdf(fonts, blocks, title="Letter", edges=EDGES))
    assert len(texts) > 1
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text
        assert "Confidential: do not forward" in text
        assert "Version 2" in text
        assert ("NIA 0231" in text) == (number > 1)


def test_a_heading_is_never_the_last_line_of_a_page(fonts: FontSet) -> None:
    lines_a_page = int(Page().room_pt // STYLE.leading_pt)
    for filled in range(lines_a_page - 4, lines_a_page + 1):
        blocks = [words(fonts, "x") for _ in range(filled)]
        blocks += [words(fonts, "HEADING", keeps_next=True), words(fonts, "Body. " * 120)]
        for text in page_texts(make_pdf(fonts, blocks, title="Letter", edges=Edges(numbered=False))):
            assert not text.strip().endswith("HEADING")


def test_no_line_of_a_paragraph_stands_alone_on_a_page(fonts: FontSet) -> None:
    lines_a_page = int(Page().room_pt // STYLE.leading_pt)
    for filled in range(lines_a_page - 6, lines_a_page):
        blocks = [words(fonts, "x") for _ in range(filled)] + [words(fonts, "word " * 85)]
        pages = page_texts(make_pdf(fonts, blocks, title="Letter", edges=Edges(numbered=False)))
        counts = [sum(line.startswith("word") for line in page.splitlines()) for page in pages]
        assert 1 not in counts


def test_a_very_high_row_goes_on_on_the_next_page(fonts: FontSet) -> None:
    long = set_paragraph(fonts, "a long action " * 900, STYLE, 300)
    row = Row((Column(0, (Words(long, "TD"),)), Column(310, (words(fonts, "Me"),))), Page().measure_pt, "TR")
    texts = page_texts(make_pdf(fonts, [row], title="Plan", edges=Edges()))
    assert len(texts) > 1
    assert sum(text.count("action") for text in texts) == 900


def test_a_document_without_end_is_refused(fonts: FontSet) -> None:
    blocks = [words(fonts, "word")] * (MAX_PAGES * 60)
    with pytest.raises(Refused, match="more than 60 pages"):
        make_pdf(fonts, blocks, title="Letter", edges=EDGES)


def test_the_metadata_is_a_neutral_title_and_nothing_else(fonts: FontSet) -> None:
    pdf = make_pdf(fonts, [words(fonts, "Hello")], title="Letter", edges=EDGES)
    assert metadata(pdf) == {"/Title": "Letter"}
    assert metadata(finish_pdf(pdf)) == {"/Title": "Letter"}
    for told in (b"ReportLab", b"pikepdf", b"qpdf", b"CreationDate", b"/Author"):
        assert told not in finish_pdf(pdf)


def test_finishing_takes_out_what_another_program_put_in(fonts: FontSet) -> None:
    marked = io.BytesIO()
    with pikepdf.open(io.BytesIO(make_pdf(fonts, [words(fonts, "x")], title="Letter", edges=EDGES))) as opened:
        opened.docinfo["/Author"] = "Bethan Rees"
        opened.Root.Metadata = opened.make_stream(XMP)
        opened.save(marked)
    assert metadata(finish_pdf(marked.getvalue())) == {"/Title": "Letter"}


def test_the_same_blocks_make_the_same_bytes(fonts: FontSet) -> None:
    made = [make_pdf(fonts, [words(fonts, "Hello سميرة")], title="Letter", edges=EDGES) for _ in range(2)]
    assert made[0] == made[1]


def test_a_password_locks_with_aes_256(fonts: FontSet) -> None:
    pdf = make_pdf(fonts, [words(fonts, "Planted name")], title="Letter", edges=EDGES)
    locked = finish_pdf(pdf, "correct horse – battery")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(locked))
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(locked), password="wrong")
    with pikepdf.open(io.BytesIO(locked), password="correct horse – battery") as opened:
        assert opened.encryption.R == 6
        assert opened.encryption.bits == 256
        assert opened.encryption.stream_method.name == "aesv3"
    assert "Planted name" in page_texts(locked, "correct horse – battery")[0]
    assert metadata(locked, "correct horse – battery") == {"/Title": "Letter"}


def test_an_empty_password_is_refused(fonts: FontSet) -> None:
    pdf = make_pdf(fonts, [words(fonts, "x")], title="Letter", edges=EDGES)
    with pytest.raises(Refused):
        finish_pdf(pdf, "")


def test_the_document_is_tagged_in_british_english(fonts: FontSet) -> None:
    blocks: list[Block] = [
        words(fonts, "Heading", tag="H1"),
        words(fonts, "Long paragraph. " * 300),
        words(fonts, "one", tag="LI"),
        words(fonts, "two", tag="LI"),
        words(fonts, "for سميرة"),
        Figure(read_picture(png(40, 20)), 40, 20),
    ]
    with pikepdf.open(io.BytesIO(make_pdf(fonts, blocks, title="Letter", edges=EDGES))) as opened:
        root: pikepdf.Object = opened.Root.StructTreeRoot
        assert str(opened.Root.Lang) == "en-GB"
        assert bool(opened.Root.MarkInfo.Marked)
        kids = list(root.K.K)
        assert [str(kid.S) for kid in kids] == ["/H1", "/P", "/L", "/P"]
        assert [str(item.S) for item in kids[2].K] == ["/LI", "/LI"]
        assert str(kids[3].ActualText) == "for سميرة"
        pages = {mark.Pg.objgen for mark in kids[1].K}
        assert len(pages) == len(opened.pages) == 2

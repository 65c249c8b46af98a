"""A letter to a PDF, beside the same words set on the same page by bare reportlab in the same font."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from functools import partial
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from advocate_desk import paths
from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.layout import finish_pdf
from advocate_desk.documents.letter import (
    Addressee,
    ComposedLetter,
    CourtLetterFacts,
    Measure,
    compose,
    default_included,
)
from advocate_desk.documents.letter_pages import letter_pdf
from advocate_desk.documents.letter_template import LetterTemplate
from advocate_desk.documents.letterhead import Letterhead, Worker
from tests.benchmarks.caseloads import PACKS
from tests.benchmarks.figures import MS, Figure, figure, medians

ROUNDS = 9
_FONT = "BenchFloor"


def letter_to_pdf(size: int) -> Iterator[Figure]:
    """From the composed letter to the bytes that are kept."""
    fonts = FontSet(paths.resources() / "fonts")
    letter = _letter()
    pdfmetrics.registerFont(TTFont(_FONT, _a_font()))
    value, floor = medians((partial(_desk_letter, fonts, letter), partial(_bare_letter, letter.text())), ROUNDS)
    yield figure("Letter to PDF", size, value, MS, floor)


def _desk_letter(fonts: FontSet, letter: ComposedLetter) -> bytes:
    return finish_pdf(letter_pdf(fonts, letter))


def _bare_letter(words: str) -> bytes:
    style = ParagraphStyle("floor", fontName=_FONT, fontSize=10.5, leading=14)
    out = io.BytesIO()
    flow = [part for line in words.splitlines() for part in (Paragraph(escape(line), style), Spacer(1, 6))]
    SimpleDocTemplate(out, pagesize=A4).build(flow)
    return out.getvalue()


def _a_font() -> str:
    return str(next((paths.resources() / "fonts").rglob("*-Regular.ttf")))


def _letter() -> ComposedLetter:
    template = PACKS.read("letters/l_court.toml", LetterTemplate)
    facts = CourtLetterFacts(
        client_name="Testina Sampleby",
        court_name="Exampleford Magistrates’ Court",
        urn="13LD1234526",
        hearing_on=date(2026, 12, 7),
        supported_since=date(2026, 8, 11),
        referral_route="a referral from Example Police",
        contact_count=14,
        effect_words="I am frightened of meeting him in the corridor. I still want to come.",
        measures=(Measure("Screen", "23", "asked of the witness care unit on 12 November 2026"),),
        practical_requests=("the hearing could start after 10 am;",),
        consent_on=date(2026, 11, 18),
    )
    worker = Worker("Ash Advocate", "an independent domestic violence adviser", "Adviser", "0113 496 0123")
    head = Letterhead("Example Advocacy", ("PO Box 1", "Exampleford"), "0113 496 0000", "office@example.org", "", "")
    court = Addressee("court", ("The Court Manager", "Exampleford Magistrates’ Court"))
    return compose(
        template,
        facts,
        included=default_included(template),
        letterhead=head,
        worker=worker,
        addressee=court,
        written_on=date(2026, 11, 21),
        reference="AD26-000001",
    )

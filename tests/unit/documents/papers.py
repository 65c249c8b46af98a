"""What documents are made of in these tests, and how they are looked into."""

from __future__ import annotations

import io
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from advocate_desk import paths
from advocate_desk.documents.card import CardFile, CardPart, CardRules
from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.in_force import (
    ConditionLine,
    InForceFile,
    InForceItem,
    InForceRules,
    InForceSheet,
)
from advocate_desk.documents.letter import (
    Addressee,
    ComposedLetter,
    CourtLetterFacts,
    Measure,
    compose,
    default_included,
)
from advocate_desk.documents.letter_template import LetterTemplate
from advocate_desk.documents.letterhead import Letterhead, Worker
from advocate_desk.documents.render import page_texts
from advocate_desk.documents.safety_plan import PlanAction, PlanPart, SafetyPlan
from advocate_desk.domain.disclosure import DisclosureRules
from advocate_desk.packs.packs import Packs

GOLDEN = Path(__file__).parents[2] / "data" / "documents"
TODAY = date(2026, 11, 21)
PACKS = Packs(paths.resources())

NAMES = {
    "Welsh": "Siân Ŵyn-Ŷates",
    "Polish": "Małgorzata Wiśniewska-Żółć",
    "Arabic": "سميرة النجار",
    "Urdu": "شازیہ اصغر پٹھان",
    "Punjabi": "ਸ਼੍ਰੀ ਬਰਟਰਮ ਵਿਲਬਰਫ਼ੋਰਸ",
    "Bengali": "শ্রেয়া চৌধুরী গাঙ্গুলী",
    "Chinese": "彭德威",
    "Tigrinya": "መሓሪ ሓጎስ ትግርኛ",
}

WORKER = Worker(
    name="Bethan Rees",
    role="an independent domestic violence adviser",
    job_title="Independent Domestic Violence Adviser",
    phone="0113 496 0123",
    email="bethan.rees@northgate.example",
    qualification="the accredited qualification for independent domestic violence advisers",
    since="March 2021",
)
LETTERHEAD = Letterhead(
    "Northgate Independent Advocacy",
    ("PO Box 118", "Leeds LS1 9XX"),
    "0113 496 0000",
    "office@northgate.example",
    "northgate.example",
    "Registered charity 0000000 in England and Wales",
)
COURT = Addressee("court", ("The Court Manager", "Leeds Magistrates’ Court", "Westgate", "Leeds LS1 3BY"))


@cache
def own_fonts() -> FontSet:
    """The program's own fonts, without those of the computer that the tests run on."""
    return FontSet(paths.resources() / "fonts", system=lambda: ())


def template() -> LetterTemplate:
    return PACKS.read("letters/l_court.toml", LetterTemplate)


def rules() -> DisclosureRules:
    return PACKS.disclosure_rules()


def card_rules() -> CardRules:
    return PACKS.read("letters/card.toml", CardFile).card


def sheet_rules() -> InForceRules:
    return PACKS.read("letters/in_force.toml", InForceFile).sheet


def court_facts(**changes: Any) -> CourtLetterFacts:
    facts = CourtLetterFacts(
        client_name="Małgorzata Wiśniewska",
        court_name="Leeds Magistrates’ Court",
        urn="13LD1234526",
        hearing_on=date(2026, 12, 7),
        hearing_time=time(10, 0),
        supported_since=date(2026, 8, 11),
        referral_route="a referral from West Yorkshire Police",
        contact_count=14,
        effect_words=(
            "I have not slept properly since the date was changed. I am frightened of meeting him in the corridor or "
            "at the bus stop.\nI still want to come. I just need to know that I can wait somewhere else."
        ),
        measures=(
            Measure("Screen", "23", "asked of the witness care unit on 12 November 2026"),
            Measure("Separate entrance, waiting area and lunch arrangements"),
        ),
        practical_requests=("the hearing could start after 10 am;", "travel costs could be paid in advance."),
        availability="I will be at court on 7 December 2026 from 9.15 am.",
        consent_on=date(2026, 11, 18),
    )
    return replace(facts, **changes)


def letter(facts: CourtLetterFacts | None = None, **changes: Any) -> ComposedLetter:
    arguments: dict[str, Any] = {
        "included": default_included(template()),
        "letterhead": LETTERHEAD,
        "worker": WORKER,
        "addressee": COURT,
        "written_on": TODAY,
        "reference": "NIA 0231",
    }
    return compose(template(), facts or court_facts(), **{**arguments, **changes})


def plan(**changes: Any) -> SafetyPlan:
    parts = (
        PlanPart(
            "Safe right now",
            (
                PlanAction("If it is not safe: call 999. If I cannot speak, press 55.", "Me", None, "Agreed"),
                PlanAction("Agree a word with Anna next door.", "Me", date(2026, 11, 23), "Agreed", "Anna"),
            ),
        ),
        PlanPart("Money", ()),
        PlanPart("Court", (PlanAction("Side entrance at 9.15.", "Bethan Rees", date(2026, 12, 7), "Agreed"),)),
    )
    made = SafetyPlan("Małgorzata Wiśniewska", TODAY, date(2026, 12, 19), 3, parts, contact="Bethan, 0113 496 0123")
    return replace(made, **changes)


def card_parts() -> tuple[CardPart, ...]:
    return (
        CardPart("Packing", ("Bag at K’s", "Passports, charger, tablets for a week")),
        CardPart("Phone", ("B: 0113 496 0123 weekdays",)),
    )


def sheet(**changes: Any) -> InForceSheet:
    items = (
        InForceItem(
            title="Police bail before charge",
            until="until 7 December 2026",
            standing="Told by DC Sara Khan by phone on 20 November 2026; confirmed on paper",
            conditions=(
                ConditionLine("Not to contact Małgorzata Wiśniewska directly or indirectly"),
                ConditionLine("Not to go to St Aidan’s Primary School", "Heard, not yet seen on paper"),
            ),
            officer="DC Sara Khan, Leeds Safeguarding",
            crime_reference="13/456789/26",
            made_by="West Yorkshire Police",
        ),
    )
    made = InForceSheet("Małgorzata Wiśniewska", datetime(2026, 11, 21, 16, 10), items, "Bethan on 0113 496 0123")
    return replace(made, **changes)


def plain(text: str) -> str:
    """`text` composed, on one line, without the direction marks that an extractor adds."""
    shown = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    return " ".join(shown.split())


def pdfium_text(pdf: bytes) -> str:
    return plain(" ".join(page_texts(pdf)))


def poppler_text(pdf: bytes) -> str:
    """What Poppler's pdftotext takes out; the test is left out where that program is not installed."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run([program, "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return plain(done.stdout.decode())


def metadata(pdf: bytes, password: str = "") -> dict[str, str]:
    with pikepdf.open(io.BytesIO(pdf), password=password) as opened:
        found = {str(key): str(value) for key, value in opened.docinfo.items()}
        if "/Metadata" in opened.Root:
            found["xmp"] = "present"
        return found


def check_golden(name: str, pdf: bytes) -> None:
    """Compare what `pdf` says, its pages and its metadata with the kept copy; a missing copy fails and is written."""
    texts = page_texts(pdf)
    said = "\n\f\n".join(text.replace("\r\n", "\n").strip() for text in texts)
    report = f"pages: {len(texts)}\nmetadata: {metadata(pdf)}\n\n{said}\n"
    kept = GOLDEN / f"{name}.txt"
    if not kept.exists():
        kept.write_text(report, encoding="utf-8")
        pytest.fail(f"{kept.name} did not exist: look at it and run again")
    assert report == kept.read_text(encoding="utf-8")

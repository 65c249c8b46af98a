"""What goes onto paper: pictures in letterheads, text in any script, letter templates; and resources that define it."""

from __future__ import annotations

import base64
import io
import random
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from advocate_desk import paths
from advocate_desk.desk.forms.logo import logo_of
from advocate_desk.documents.letter import LISTS, SLOTS
from advocate_desk.documents.letter_pages import letter_pdf
from advocate_desk.documents.letter_template import LetterTemplate, check_template, fill
from advocate_desk.documents.picture import MAX_SIDE_PX, read_picture
from advocate_desk.documents.render import page_count
from advocate_desk.documents.safety_plan import PlanAction, PlanPart, SafetyPlan, safety_plan_pdf
from advocate_desk.documents.text import Style, set_paragraph
from advocate_desk.packs import lists
from advocate_desk.packs.reading import read_toml
from tests.fuzz.mutation import bytewise
from tests.fuzz.shapes import pictured, png_of
from tests.fuzz.target import Feed, Target, text_of
from tests.unit.documents.papers import LETTERHEAD, NAMES, own_fonts
from tests.unit.documents.papers import letter as a_letter
from tests.unit.test_resources import PACKED, schema_of

RESOURCES = paths.resources()
TODAY = date(2026, 11, 21)
_DIVIDER = b"\n=====\n"


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture as a file."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def pictures() -> list[bytes]:
    """Small pictures in every mode that a logo comes in, and things that are none."""
    plain = Image.linear_gradient("L").resize((24, 16))
    modes = [saved(plain.convert(mode), "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")]
    odd = [
        saved(plain.convert("RGB"), "PNG", save_all=True, append_images=[plain.convert("RGB")] * 2),
        saved(plain.convert("P"), "PNG", transparency=b"\0\x80"),
        saved(plain.convert("CMYK"), "JPEG"),
        saved(plain, "JPEG", progressive=True, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"),
        saved(plain.convert("RGB"), "JPEG", quality=5, comment=b"by nobody"),
        saved(plain.convert("RGB"), "GIF"),
        png_of([(b"IHDR", b"\0\0\xc3\x50\0\0\xc3\x50\x08\x02\0\0\0"), (b"IDAT", b""), (b"IEND", b"")]),
    ]
    return [*modes, *odd]


def _start_picture(_scratch: Path) -> Feed:
    def feed(data: bytes) -> None:
        picture = read_picture(data)
        assert 0 < picture.width_px <= MAX_SIDE_PX
        with Image.open(io.BytesIO(picture.png)) as kept:
            kept.load()
            assert (kept.mode, kept.size, kept.info) == ("RGB", (picture.width_px, picture.height_px), {})

    return feed


def _start_letterhead(_scratch: Path) -> Feed:
    """A logo that was kept by another version or changed in the store goes into a letter, or does not; no more."""
    fonts, letter = own_fonts(), a_letter()
    rare = random.Random(1)

    def feed(data: bytes) -> None:
        picture = logo_of({"png": base64.b64encode(data).decode()})
        if picture is None and rare.random() > 0.05:
            return
        with_logo = replace(letter, letterhead=replace(LETTERHEAD, logo=picture))
        assert page_count(letter_pdf(fonts, with_logo)) >= 1

    return feed


def _start_script(_scratch: Path) -> Feed:
    """Any text on a page: shaped, broken into lines, turned where it runs leftward, found again as it was."""
    fonts = own_fonts()
    style = Style(size_pt=10, leading_pt=14)

    def feed(data: bytes) -> None:
        text = text_of(data)[:1000]
        for width in (8.0, 460.0):
            paragraph = set_paragraph(fonts, text, style, width)
            assert len(paragraph.lines) <= len(text) + 1

    return feed


def _start_plan(_scratch: Path) -> Feed:
    """The same through a whole document."""
    fonts = own_fonts()

    def feed(data: bytes) -> None:
        text = text_of(data)[:1500]
        first, _, rest = text.partition("|")
        action = PlanAction(text=rest, who=first, by_when=TODAY, status=first, shared_with=rest[:40])
        plan = SafetyPlan(first, TODAY, None, 1, (PlanPart(first, (action,)),), kept_where=rest[:60])
        assert page_count(safety_plan_pdf(fonts, plan)) >= 1

    return feed


def _start_template(_scratch: Path) -> Feed:
    """The sentences of a letter, and what fills their slots."""
    template = read_toml(RESOURCES, "letters/l_court.toml", LetterTemplate)

    def feed(data: bytes) -> None:
        text, _, value = text_of(data).partition("|")
        check_template(replace(template, subject=text), SLOTS, LISTS)
        filled = fill(text, {"urn": f"{{client}}[{value}]", "client": "{urn}"})
        assert "[" in text or "{urn}" not in text or f"{{client}}[{value}]".strip() in filled, (
            "what fills was read again"
        )

    return feed


@cache
def _names() -> tuple[str, ...]:
    return tuple(PACKED)


def _start_resources(scratch: Path) -> Feed:
    """Rule packs that a bad disk or another hand changed. They are the program's own, so words may quote them."""

    def feed(data: bytes) -> None:
        name, _, body = data.partition(_DIVIDER)
        relative = name.decode("utf-8", "replace")
        schema = schema_of(relative) if relative in _names() else None
        if schema is None:
            return
        path = scratch / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        read_toml(scratch, relative, schema)

    return feed


def _start_lists(scratch: Path) -> Feed:
    readers = {
        "lists/courts.csv": lists.read_courts,
        "lists/police_forces.csv": lists.read_forces,
        "lists/offences.csv": lists.read_offences,
        "lists/bank_holidays.csv": lists.read_holidays,
    }
    (scratch / "lists").mkdir()

    def feed(data: bytes) -> None:
        name, _, body = data.partition(_DIVIDER)
        reader = readers.get(name.decode("utf-8", "replace"))
        if reader is not None:
            (scratch / name.decode()).write_bytes(body)
            reader(scratch)

    return feed


def resource_seeds() -> list[bytes]:
    """The shipped files, the long ones cut."""
    return [name.encode() + _DIVIDER + (RESOURCES / name).read_bytes()[:6000] for name in _names()]


def list_seeds() -> list[bytes]:
    """The beginnings of the shipped lists."""
    names = ("courts", "police_forces", "offences", "bank_holidays")
    whole = [(f"lists/{name}.csv", (RESOURCES / "lists" / f"{name}.csv").read_bytes()) for name in names]
    return [name.encode() + _DIVIDER + b"\n".join(body.splitlines()[:8]) + b"\n" for name, body in whole]


_TOML_WORDS = (
    b"[[",
    b"]]",
    b"[source]\n",
    b"key = ",
    b'"""',
    b"= true\n",
    b"= 1979-05-27\n",
    b"= nan\n",
    b"= [",
    b"a.b.c = 1\n",
    b"in_force_from = ",
    b"{",
    b"}",
    b"#",
    b"\\u0000",
    b"0x",
    b"1e400",
    b"= -9999999999999999999999\n",
)
_SCRIPTS = tuple(name.encode() for name in NAMES.values())

TARGETS = (
    Target(
        "picture",
        1.5,
        _start_picture,
        pictures,
        ("documents/picture", "PIL/PngImage", "PIL/JpegImage", "PIL/ImageFile"),
        pictured,
    ),
    Target("letterhead", 0.01, _start_letterhead, pictures, ("documents/",), pictured, deadline_s=20.0),
    Target(
        "script",
        0.1,
        _start_script,
        lambda: [*_SCRIPTS, b"07700 900123 (ext. 4)", b"a" * 400, b"\n\n\n", b"x\tb\r\ny"],
        ("documents/text", "documents/bidi", "documents/characters", "documents/fonts"),
        bytewise(
            (
                *_SCRIPTS,
                b"(",
                b")",
                b"\xd7\x90",
                b"\xe2\x80\x8d",
                b"\xef\xb8\x8f",
                b"\xcd\x8f",
                b"\xf3\xa0\x84\x80",
                b"\xd8\xa7\xd9\x84",
            ),
            3000,
        ),
        quotes=True,  # what no font covers is named, on the page of whoever typed it
        deadline_s=10.0,
    ),
    Target(
        "plan_pdf",
        0.03,
        _start_plan,
        lambda: [_SCRIPTS[2] + b"|" + _SCRIPTS[5], b"a|b", b"|" + b"word " * 200],
        ("documents/",),
        bytewise(_SCRIPTS, 3000),
        quotes=True,
        deadline_s=20.0,
    ),
    Target(
        "template",
        12,
        _start_template,
        lambda: [b"R v {client} [(URN {urn})]|13LD", b"{a}", b"[[{urn}]", b"{{urn}}|{client}"],
        ("letter_template",),
        bytewise((b"{urn}", b"{client}", b"[", b"]", b"{", b"}", b"|"), 2000),
        quotes=True,
    ),
    Target(
        "resources",
        1.2,
        _start_resources,
        resource_seeds,
        ("packs/reading", "/tomllib/"),
        bytewise(_TOML_WORDS, 12_000),
        quotes=True,
    ),
    Target(
        "lists",
        5,
        _start_lists,
        list_seeds,
        ("packs/",),
        bytewise((b",", b'"', b"\n", b"2026-12-25", b"y", b"\0"), 8000),
        quotes=True,
    ),
)

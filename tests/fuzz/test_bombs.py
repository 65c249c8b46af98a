"""Files that ask for far more than they weigh end in words, soon, and without the memory that they ask for."""

from __future__ import annotations

import io
import resource

import pytest
from PIL import Image

from advocate_desk.documents.picture import read_picture
from advocate_desk.documents.sheets.read import read_sheet
from advocate_desk.errors import Invalid, Refused
from tests.fuzz.bombs import PICTURES, SHEETS
from tests.fuzz.judge import quoted


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_that_asks_for_too_much_is_refused_in_words(name: str) -> None:
    data = SHEETS[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Invalid) as refused:
        read_sheet(data)
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert refused.value.advice.endswith(".")
    assert not quoted(refused.value.advice)
    assert grown_kb < 300_000, "this process holds what only the reader may hold"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_asks_for_too_much_is_refused_in_words(name: str) -> None:
    data = PICTURES[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused) as refused:
        read_picture(data)
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert "Nothing was changed." in refused.value.advice
    assert grown_kb < 200_000


def test_the_largest_picture_that_is_taken_is_made_small() -> None:
    target = io.BytesIO()
    Image.new("RGB", (4_000, 4_000), "teal").save(target, "PNG")
    picture = read_picture(target.getvalue())
    assert max(picture.width_px, picture.height_px) <= 1_200

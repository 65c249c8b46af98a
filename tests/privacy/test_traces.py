"""The search for planted words finds them in every form: a search that could find nothing would prove nothing."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from tests import planted


@pytest.mark.parametrize("word", planted.ALL)
def test_a_planted_word_is_found_in_every_form(word: str) -> None:
    around = f"said by {word} on the phone"
    forms = [around.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "utf-16", "utf-32")]
    forms += [quote(around).encode(), quote(around, safe="").encode(), json.dumps(around).encode()]
    forms += [around.upper().encode() if word.isascii() else around.encode(), around.encode().hex().encode()]
    for shift in range(3):
        for code in ("utf-8", "utf-16-le"):
            hidden = b"x" * shift + around.encode(code)
            forms += [base64.b64encode(hidden), base64.urlsafe_b64encode(hidden)]
    for form in forms:
        assert word in planted.traces(b"\x00\x01" + form + b"\xff"), form


def test_other_words_are_no_traces() -> None:
    ordinary = "The hearing was moved to Leeds. " * 50
    for form in (ordinary, quote_plus(ordinary), base64.b64encode(ordinary.encode())):
        assert planted.traces(form) == []

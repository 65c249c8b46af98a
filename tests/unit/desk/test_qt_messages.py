"""What Qt warns of is logged without what it quotes."""

from __future__ import annotations

import pytest

from advocate_desk.desk.qt_messages import without_quotes


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ('QFSFileEngine::open: "letter for Testina.pdf": no such file', "QFSFileEngine::open: …: no such file"),
        ("cannot read /home/ash/Testina Sampleby.pdf", "cannot read …"),
        (
            "QWidget::setMinimumSize: (/QToolButton) Negative sizes (-3,-3)",
            "QWidget::setMinimumSize: (…",
        ),
        (r"cannot read C:\Users\ash\Testina Sampleby.pdf", "cannot read …"),
        ("bad number 07700 900123", "bad number … …"),
        ("first line\nTestina", "first line"),
    ],
)
def test_a_message_loses_what_it_quotes(said: str, logged: str) -> None:
    assert without_quotes(said) == logged

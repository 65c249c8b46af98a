"""From a file's bytes to the table that was found in it, on the store's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from advocate_desk.casework.imports import remembered_mapping
from advocate_desk.casework.work import Work
from advocate_desk.desk.screens.import_wizard.state import Laid, ListInHand, header_signature, lay_out
from advocate_desk.documents.sheets.columns import Vocabulary
from advocate_desk.documents.sheets.read import read_sheet
from advocate_desk.documents.sheets.workbook import Workbook


@dataclass(frozen=True)
class ReadList:
    """A file as read and laid out."""

    hand: ListInHand
    book: Workbook
    laid: Laid


def read_list(
    work: Work,
    words: Vocabulary,
    hand: ListInHand,
    book: Workbook | None,
    today: date,
    cancelled: Callable[[], bool],
) -> ReadList:
    """Read the file, unless `book` is what it held, and say what its columns seem to be or were the last time.

    Raises Refused or Unavailable as `read_sheet` does.
    """
    if book is None:
        book = read_sheet(
            hand.data, encoding=hand.encoding or None, delimiter=hand.delimiter or None, cancelled=cancelled
        )
    remembered = work.read(remembered_mapping, header_signature(book, hand, words))
    laid = lay_out(book, hand, words, today, remembered)
    hand.fit_to(laid.table.names)
    return ReadList(hand, book, laid)

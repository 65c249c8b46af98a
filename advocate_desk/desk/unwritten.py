"""What is said of forms that the disk would not take, before they are lost or while a locked window holds them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:  # the window knows this module before the store is imported
    from advocate_desk.casework.drafts import Draft


def typed_in(drafts: Sequence[Draft]) -> list[Draft]:
    """Those of the drafts in which somebody has typed: the place in the desk and untouched forms are no loss."""
    return [one for one in drafts if one.form and one.payload.get("touched")]


def unwritten_words(unwritten: Sequence[Draft], because: str, has_list: bool, *, names_forms: bool) -> str:
    """What could not be kept and why, "" where nothing typed is at stake; forms are named where the desk is open.

    `has_list`: a list that is being imported could not be kept either.
    """
    typed = typed_in(unwritten)
    if not typed and not has_list:
        return ""
    tr = partial(QCoreApplication.translate, "Unwritten")
    if names_forms:
        names = [str(one.payload.get("title") or one.form) for one in typed]
        names += [tr("the list that you are importing")] if has_list else []
        held = tr("Not kept: {0}.").format(", ".join(names))
    else:
        held = tr("It is held in this window only. Unlock to have it kept, and do not close the program before.")
        if len(typed) + has_list > 1:
            held = tr(
                "{0} things that you typed are held in this window only. Unlock to have them kept, and do not "
                "close the program before."
            ).format(len(typed) + has_list)
    return f"{because} {held}".strip()

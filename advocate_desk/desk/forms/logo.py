"""The service's logo: read within limits from a chosen picture, kept encrypted in the store, shown on letters."""

from __future__ import annotations

import base64
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework import settings as kept
from advocate_desk.casework.work import Done, Work
from advocate_desk.documents.picture import MAX_BYTES, Picture, read_picture
from advocate_desk.errors import Refused, Unavailable
from advocate_desk.settings import LOGO_KEY


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("ServiceForms", text)


def kept_logo(work: Work) -> Picture | None:
    """The logo; None when there is none, or when what is kept is not one."""
    return logo_of(kept.get(work, LOGO_KEY))


def logo_of(found: object) -> Picture | None:
    """The picture in a setting, read anew: a letter must not fail on one that another version or a bad disk changed."""
    png = found.get("png") if isinstance(found, dict) else None
    if not isinstance(png, str):
        return None
    try:
        return read_picture(base64.b64decode(png, validate=True))
    except (ValueError, Refused):
        return None


def choose_logo(work: Work, path: Path) -> Done:
    """Keep the picture at `path` as the logo, stripped to its pixels.

    Raises Refused for what is no PNG or JPEG or too large, Unavailable when it cannot be read.
    """
    picture = read_picture(_read(path))
    png = base64.b64encode(picture.png).decode("ascii")
    return kept.put(work, LOGO_KEY, {"width_px": picture.width_px, "height_px": picture.height_px, "png": png})


def remove_logo(work: Work) -> Done:
    """Keep no logo: letters show the service's name alone."""
    return kept.put(work, LOGO_KEY, {})


def _read(path: Path) -> bytes:
    """The file, but no more of it than tells that it is too large."""
    try:
        if not path.is_file():  # a pipe would never end
            raise Unavailable(tr("There is no such picture. Nothing was changed. Choose another file."))
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        words = tr("The picture could not be read from the disk. Nothing was changed. Choose it again.")
        raise Unavailable(words) from error

"""A service's logo: read within limits, stripped to its pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from advocate_desk.errors import Refused

MAX_BYTES = 2_000_000
MAX_SIDE_PX = 4_000
_KEPT_SIDE_PX = 1_200  # 300 dots an inch over 100 mm
_FORMATS = ("PNG", "JPEG")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's own size and its pixels as a PNG without anything else in it (no place, camera or author)."""

    width_px: int
    height_px: int
    png: bytes

    def fit(self, width_pt: float, height_pt: float) -> tuple[float, float]:
        """The largest size in points, in proportion, within the given one."""
        scale = min(width_pt / self.width_px, height_pt / self.height_px)
        return self.width_px * scale, self.height_px * scale


def read_picture(data: bytes) -> Picture:
    """`data` (PNG or JPEG, at most 2 MB and 4,000 pixels a side) on white. Raises Refused for anything else."""
    if len(data) > MAX_BYTES:
        raise Refused("The logo is larger than 2 MB. Nothing was changed. Choose a smaller picture.")
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if max(image.size) > MAX_SIDE_PX:  # known from the header, before a pixel is unpacked
                raise Refused("The logo is over 4,000 pixels wide or high. Nothing was changed. Choose another.")
            image.load()
            image.thumbnail((_KEPT_SIDE_PX, _KEPT_SIDE_PX))
            with_alpha = image.convert("RGBA")
    except Refused:
        raise
    except Exception as error:  # there is no list of what a decoder raises for bytes that no camera wrote
        raise Refused("The logo is not a PNG or JPEG picture. Nothing was changed. Choose another file.") from error
    on_white = Image.new("RGB", with_alpha.size, "white")
    on_white.paste(with_alpha, mask=with_alpha.getchannel("A"))
    kept = io.BytesIO()
    on_white.save(kept, "PNG")
    return Picture(*on_white.size, kept.getvalue())

"""The outline of one glyph as PDF path operators."""

from __future__ import annotations

from functools import lru_cache

import uharfbuzz as hb

from advocate_desk.documents.fonts import Face

Point = tuple[float, float]


class _Path:
    """Collects path operators; a curve of one control point becomes one of two."""

    def __init__(self) -> None:
        self.code: list[str] = []
        self._at: Point = (0.0, 0.0)

    def move_to(self, to: Point) -> None:
        """Start a contour."""
        self._add("m", to)

    def line_to(self, to: Point) -> None:
        """Draw a straight line."""
        self._add("l", to)

    def quadratic_to(self, control: Point, to: Point) -> None:
        """Draw TrueType's kind of curve."""
        first = tuple(a + 2 / 3 * (c - a) for a, c in zip(self._at, control, strict=True))
        second = tuple(b + 2 / 3 * (c - b) for b, c in zip(to, control, strict=True))
        self._add("c", (first[0], first[1]), (second[0], second[1]), to)

    def close(self) -> None:
        """End a contour."""
        self.code.append("h")

    def _add(self, operator: str, *points: Point) -> None:
        self.code.append(" ".join(f"{x:.1f} {y:.1f}" for x, y in points) + " " + operator)
        self._at = points[-1]


@lru_cache(maxsize=512)
def outline(face: Face, glyph: int) -> str:
    """Path operators for `glyph` in font units, "" for one without ink."""
    path = _Path()
    funcs = hb.DrawFuncs()
    funcs.set_move_to_func(lambda x, y, path: path.move_to((x, y)))
    funcs.set_line_to_func(lambda x, y, path: path.line_to((x, y)))
    funcs.set_quadratic_to_func(lambda cx, cy, x, y, path: path.quadratic_to((cx, cy), (x, y)))
    funcs.set_close_path_func(lambda path: path.close())
    face.shaper.draw_glyph(glyph, funcs, path)
    return " ".join(path.code)

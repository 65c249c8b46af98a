"""The figures as a table, as JSON, as small charts of growth in the terminal, and as one picture."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reportlab.graphics import renderPDF, renderSVG
from reportlab.graphics.shapes import Drawing, Line, PolyLine, String
from reportlab.lib.colors import HexColor

from advocate_desk.documents.render import page
from tests.benchmarks.figures import Figure

NAME_WIDTH = 58
BARS = "▁▂▃▄▅▆▇█"
WIDTH, HEIGHT, LEFT, FOOT, RIGHT = 900, 560, 60, 50, 330
INKS = ("#0e6467", "#a3231c", "#1d5591", "#7d4c00", "#1b6638", "#6b3fa0", "#54625f", "#c2410c", "#0369a1", "#be185d")
MOST_GROWTH = 256.0
PICTURES = (".svg", ".png", ".pdf")
SCALE = 2.0  # pixels a point of a PNG


def as_json(figures: Sequence[Figure]) -> str:
    """A list of objects with name, size, value, unit, floor, ratio and target."""
    return json.dumps([asdict(each) for each in figures], indent=1, ensure_ascii=False)


def table(figures: Sequence[Figure]) -> str:
    """Every figure with its floor, ratio and target, whether it is met, and how it grew from the smallest caseload."""
    numbers = f"{'size':>8}{'value':>11}{'floor':>11} {'':<5}{'ratio':>8}{'target':>8}  {'':<8}{'growth':>8}"
    head = f"{'what':<{NAME_WIDTH}}{numbers}"
    series = grown(figures)
    lines = [head, "-" * len(head)]
    for each in figures:
        met = {True: "met", False: "NOT MET", None: ""}[each.is_met]
        growth = series.get(each.name, {}).get(each.size)
        lines.append(
            f"{each.name:<{NAME_WIDTH}}{each.size:>8,}{_number(each.value):>11}{_number(each.floor):>11} {each.unit:<5}"
            f"{_number(each.ratio, 2):>8}{_number(each.target, 1):>8}  {met:<8}{_number(growth, 2):>8}"
        )
    return "\n".join(lines)


def _number(value: float | None, digits: int = 2) -> str:
    if value is None:
        return "–"
    return f"{value:,.{0 if abs(value) >= 1000 else digits}f}"


def grown(figures: Sequence[Figure]) -> Mapping[str, Mapping[int, float]]:
    """By name and size, the value as a multiple of the smallest size's; of names that were measured at several."""
    values: dict[str, dict[int, float]] = {}
    for each in figures:
        if each.value is not None:
            values.setdefault(each.name, {})[each.size] = each.value
    return {
        name: {size: value / max(sizes[min(sizes)], 1e-9) for size, value in sorted(sizes.items())}
        for name, sizes in values.items()
        if len(sizes) > 1
    }


def sparks(figures: Sequence[Figure]) -> str:
    """A small chart a line: the bars double from one to the next, the numbers are multiples of the smallest size."""
    lines = []
    for name, sizes in _shown(figures).items():
        bars = "".join(BARS[min(len(BARS) - 1, max(0, round(math.log2(max(each, 1.0)))))] for each in sizes.values())
        lines.append(f"{name:<{NAME_WIDTH}} {bars}  " + "  ".join(f"{each:.2f}" for each in sizes.values()))
    return "\n".join(lines)


def _shown(figures: Sequence[Figure]) -> dict[str, Mapping[int, float]]:
    """The series worth a line: the figures themselves, not what compares them once more."""
    told = (", against", ", worst", "Growth of", "Stalls over", ", share", "work alone")
    return {name: sizes for name, sizes in grown(figures).items() if not any(each in name for each in told)}


def write_picture(figures: Sequence[Figure], path: Path) -> None:
    """The growth of every figure on two logarithmic scales, as SVG, PNG or PDF by the name's ending."""
    drawing = growth_drawing(figures)
    if path.suffix == ".svg":
        renderSVG.drawToFile(drawing, str(path))
    elif path.suffix == ".pdf":
        renderPDF.drawToFile(drawing, str(path))
    else:
        from PySide6.QtGui import QImage

        drawn = page(renderPDF.drawToString(drawing), 0, SCALE)
        QImage(drawn.bgra, drawn.width_px, drawn.height_px, drawn.stride, QImage.Format.Format_RGB32).save(str(path))


def growth_drawing(figures: Sequence[Figure]) -> Any:
    """The chart: files to the right, multiples of the smallest caseload's figure upwards."""
    series = _shown(figures)
    drawing = Drawing(WIDTH, HEIGHT)
    sizes = sorted({size for each in series.values() for size in each})
    if not sizes:
        drawing.add(String(LEFT, HEIGHT / 2, "One size was measured: there is no growth to show.", fontSize=12))
        return drawing
    top = max((growth for each in series.values() for growth in each.values()), default=2.0)
    top = min(MOST_GROWTH, max(2.0, 2 ** math.ceil(math.log2(max(top, 1.0)))))
    _axes(drawing, sizes, top)
    ends: list[tuple[float, str, str]] = []
    for number, (name, grow) in enumerate(series.items()):
        ink = INKS[number % len(INKS)]
        points = [part for size, growth in grow.items() for part in (_x(size, sizes), _y(growth, top))]
        drawing.add(PolyLine(points, strokeColor=HexColor(ink), strokeWidth=1.6))
        ends.append((points[-1], f"{name}  x{list(grow.values())[-1]:.2f}", ink))
    _name_ends(drawing, ends)
    return drawing


def _axes(drawing: Any, sizes: Sequence[int], top: float) -> None:
    quiet = HexColor("#7b8987")
    drawing.add(String(LEFT, HEIGHT - 22, "How cost grows with the caseload", fontSize=14))
    for size in sizes:
        drawing.add(Line(_x(size, sizes), FOOT, _x(size, sizes), HEIGHT - 44, strokeColor=quiet, strokeWidth=0.4))
        drawing.add(String(_x(size, sizes), FOOT - 16, f"{size:,}", fontSize=9, textAnchor="middle"))
    drawing.add(String((LEFT + WIDTH - RIGHT) / 2, 12, "client files", fontSize=9, textAnchor="middle"))
    growth = 1.0
    while growth <= top:
        drawing.add(Line(LEFT, _y(growth, top), WIDTH - RIGHT, _y(growth, top), strokeColor=quiet, strokeWidth=0.4))
        drawing.add(String(LEFT - 6, _y(growth, top) - 3, f"x{growth:g}", fontSize=9, textAnchor="end"))
        growth *= 2


def _name_ends(drawing: Any, ends: list[tuple[float, str, str]]) -> None:
    """Names at the right, each at its line's height or above the one before."""
    at = FOOT - 12.0
    for height, words, ink in sorted(ends):
        at = max(at + 11, min(height - 3, HEIGHT - 44))
        drawing.add(Line(WIDTH - RIGHT, height, WIDTH - RIGHT + 14, at + 3, strokeColor=HexColor(ink), strokeWidth=0.5))
        drawing.add(String(WIDTH - RIGHT + 18, at, words, fontSize=9, fillColor=HexColor(ink)))


def _x(size: int, sizes: Sequence[int]) -> float:
    if len(sizes) < 2:
        return float(LEFT)
    part = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
    return LEFT + part * (WIDTH - RIGHT - LEFT)


def _y(growth: float, top: float) -> float:
    part = math.log2(min(max(growth, 0.5), top) / 0.5) / math.log2(top / 0.5)
    return FOOT + part * (HEIGHT - 44 - FOOT)

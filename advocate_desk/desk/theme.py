"""How the desk looks: tokens from `resources/theme/`, one style sheet and palette made from them, and tinted icons.

Sizes are written for 100% text and grow with it, so that text at 200% loses nothing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from advocate_desk import paths
from advocate_desk.desk.immortal import keep_true_alive
from advocate_desk.errors import BrokenResource
from advocate_desk.settings import THEMES

SMALLEST_TEXT, LARGEST_TEXT = 100, 200  # per cent

_BOLD = "Inter-Bold.ttf"  # no word of the first page is so
_IN_FUSION = "advocate_desk_in_fusion"
_COLOURS_HEAD = "[colours]\n"
_COLOUR = re.compile(r'^([a-z_]+) = "(#[0-9a-f]{6})"$', re.MULTILINE)
_ROOM = 1.3  # an icon and the room after it, in icons

Tone = Literal["plain", "danger", "warning", "ok", "info", "accent"]


class Colours(NamedTuple):
    """Every colour of a theme, as "#rrggbb". `*_soft` is the ground that its namesake is written on."""

    canvas: str
    surface: str
    sunken: str
    raised: str
    hover: str
    line: str
    line_strong: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    accent_text: str
    focus: str
    rail: str
    rail_text: str
    rail_hover: str
    rail_on: str
    rail_on_text: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    ok: str
    ok_soft: str
    info: str
    info_soft: str
    selection: str
    selection_text: str
    match: str
    toast: str
    toast_text: str


@dataclass(frozen=True, slots=True)
class Look:
    """A theme at a text size: what widgets ask for colours and lengths."""

    name: str
    colours: Colours
    text_percent: int

    def px(self, length: int) -> int:
        """A length written for 100% text, in pixels at this text size."""
        return round(length * self.text_percent / 100)

    def tone(self, tone: Tone) -> str:
        """The ink of a tone, as "#rrggbb"."""
        names = {"plain": "muted", "accent": "accent_text"}
        return str(getattr(self.colours, names.get(tone, tone)))


@cache
def load_colours(name: str) -> Colours:
    """The colours of the theme `name`. Raises BrokenResource."""
    path = paths.resources() / "theme" / f"{name}.toml"
    try:
        written = path.read_text("utf-8").partition(_COLOURS_HEAD)[2]
    except (OSError, ValueError) as error:
        raise BrokenResource(f"The theme file {path.name} cannot be used: {error}") from error
    found = dict(_COLOUR.findall(written))  # a test reads the same with a TOML library, which costs a start 3 ms
    wrong = set(found) ^ set(Colours._fields)
    if wrong:
        raise BrokenResource(f"The theme file {path.name} cannot be used: $.colours.{min(wrong)} is missing or unknown")
    return Colours(**found)


def new_application(name: str) -> QApplication:
    """The application, in Qt's own style from the start: asking for it later costs Python the type QStyle, 5 ms."""
    application = QApplication([name, "-style", "Fusion"])
    application.setProperty(_IN_FUSION, True)
    return application


def look() -> Look:
    """The look that was applied to this application; light at 100% before any was."""
    application = QApplication.instance()
    held = application.property("advocate_desk_look") if application is not None else None
    return held if isinstance(held, Look) else Look("light", load_colours("light"), 100)


def px(length: int) -> int:
    """A length written for 100% text, at the text size in use."""
    return look().px(length)


def colour(name: str) -> QColor:
    """A colour of the theme in use, by its name in `Colours`."""
    return QColor(getattr(look().colours, name))


def apply(application: QApplication, name: str = "light", text_percent: int = 100, *, is_start: bool = False) -> Look:
    """Dress the whole application. Returns the look; an unknown theme becomes light, sizes are bounded.

    At a start, what the first page can do without is left to whoever waits for it to be painted: `keep_true_alive`.
    """
    if not is_start:
        keep_true_alive()
    chosen = name if name in THEMES else "light"
    percent = min(max(text_percent, SMALLEST_TEXT), LARGEST_TEXT)
    new = Look(chosen, load_colours(chosen), percent)
    load_fonts()
    application.setProperty("advocate_desk_look", new)
    if not application.property(_IN_FUSION):
        application.setStyle("Fusion")
        application.setProperty(_IN_FUSION, True)
    application.setPalette(palette(new))
    font = QFont("Inter")
    font.setPixelSize(new.px(14))
    application.setFont(font)
    application.setStyleSheet(style_sheet(new))
    return new


@cache
def load_fonts() -> tuple[str, ...]:
    """Register the fonts of the windows; the families found. The system's own are used when there are none."""
    families: list[str] = []
    for path in sorted(each for each in _ui_fonts().glob("*.ttf") if each.name != _BOLD):
        families += QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
    return tuple(dict.fromkeys(families))


def _ui_fonts() -> Path:
    return paths.resources() / "fonts" / "ui"


@cache
def load_script_fonts() -> None:
    """Register the fonts of every script that a name may be in, and bold. After the unlock page: it takes its time."""
    QFontDatabase.addApplicationFont(str(_ui_fonts() / _BOLD))
    for path in sorted((paths.resources() / "fonts" / "scripts").glob("*-Regular.ttf")):
        QFontDatabase.addApplicationFont(str(path))
    QFontDatabase.addApplicationFont(str(paths.resources() / "fonts" / "scripts" / "DroidSansFallback.ttf"))


def style_sheet(new: Look) -> str:
    """The style sheet for a look, made from `resources/theme/desk.qss`."""
    folder = paths.resources() / "theme"
    text = (folder / "desk.qss").read_text("utf-8")
    text = text.replace("@marks", (folder / "marks" / new.name).as_posix())
    text = re.sub(r"@([a-z_]+)", lambda found: str(getattr(new.colours, found[1])), text)
    return re.sub(r"\b(\d+)px", lambda found: f"{_scaled(int(found[1]), new)}px", text)


def _scaled(length: int, new: Look) -> int:
    return length if length <= 2 else new.px(length)


def palette(new: Look) -> QPalette:
    """The palette for a look, for what the style sheet does not reach."""
    colours, made, role = new.colours, QPalette(), QPalette.ColorRole
    pairs = {
        role.Window: colours.canvas,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.sunken,
        role.Text: colours.text,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.BrightText: colours.danger,
        role.Highlight: colours.selection,
        role.HighlightedText: colours.selection_text,
        role.ToolTipBase: colours.toast,
        role.ToolTipText: colours.toast_text,
        role.Link: colours.accent_text,
        role.LinkVisited: colours.accent_text,
        role.PlaceholderText: colours.muted,
        role.Mid: colours.line,
        role.Accent: colours.accent,
    }
    for key, colour in pairs.items():
        made.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, key, QColor(colours.muted))
    return made


# --- icons ----------------------------------------------------------------------------------------------------------


def icon(name: str, colour: str | None = None, checked_colour: str | None = None, before_words: bool = False) -> QIcon:
    """The icon `resources/icons/<name>.svg` in a colour of the theme ("muted", "accent_text") or "#rrggbb".

    `checked_colour` is its colour while its button is checked. `before_words` leaves room to its right, which a style
    sheet cannot: set `worded_icon_size` with it. Raises BrokenResource for an unknown name.
    """
    checked_ink = _ink(checked_colour) if checked_colour is not None else ""
    disabled_ink = _ink("muted") if colour == "on_accent" else ""  # its ground is pale then, as it is
    return _icon(name, _ink(colour), checked_ink, disabled_ink, before_words, _icon_sides())


def _icon_sides() -> tuple[int, ...]:
    """The sides in pixels that icons are drawn in: for this text size, on a plain screen and on the finest there is."""
    application = QGuiApplication.instance()
    finest = math.ceil(application.devicePixelRatio()) if isinstance(application, QGuiApplication) else 1
    return tuple(sorted({px(side) * scale for side in (16, 20, 24) for scale in (1, finest)}))


@lru_cache(maxsize=512)
def _icon(
    name: str, ink: str, checked_ink: str, disabled_ink: str, before_words: bool, sides: tuple[int, ...]
) -> QIcon:
    made = QIcon()
    enabled, off = QIcon.Mode.Normal, QIcon.State.Off
    kinds = ((ink, enabled, off), (checked_ink, enabled, QIcon.State.On), (disabled_ink, QIcon.Mode.Disabled, off))
    for colour, mode, state in kinds:
        if not colour:
            continue
        drawing = _drawing(name, colour)
        for side in sides:
            made.addPixmap(_with_room(_at_side(drawing, side), before_words), mode, state)
    return made


def _with_room(picture: QPixmap, before_words: bool) -> QPixmap:
    if not before_words:
        return picture
    wide = QPixmap(round(picture.width() * _ROOM), picture.height())
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return wide


def worded_icon_size(side: int = 17) -> QSize:
    """The size of an icon `before_words`, for `setIconSize`."""
    return QSize(round(px(side) * _ROOM), px(side))


def pixmap(name: str, side: int, colour: str | None = None) -> QPixmap:
    """An icon drawn `side` pixels wide at 100% text, in a colour as in `icon`."""
    return _drawn(name, px(side), _ink(colour))


def _ink(colour: str | None) -> str:
    return colour if colour is not None and colour.startswith("#") else str(getattr(look().colours, colour or "text"))


def icon_size(side: int = 18) -> QSize:
    """A square that grows with the text, for `setIconSize`."""
    return QSize(px(side), px(side))


@lru_cache(maxsize=1024)
def _drawn(name: str, side: int, ink: str) -> QPixmap:
    return _at_side(_drawing(name, ink), side)


def _drawing(name: str, ink: str) -> QSvgRenderer:
    """To be drawn from in every size that is wanted: to read it costs more than to draw it."""
    return QSvgRenderer(QByteArray(_svg(name).replace("currentColor", ink).encode()))


def _at_side(drawing: QSvgRenderer, side: int) -> QPixmap:
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    drawing.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return picture


@cache
def _svg(name: str) -> str:
    path: Path = paths.resources() / "icons" / f"{name}.svg"
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise BrokenResource(f"The icon {path.name} is missing from the program's resources.") from error


def set_role(widget: QWidget, **properties: str) -> None:
    """Set style properties (role=, tone=, box=, surface=) and draw the widget anew if it is already dressed."""
    for key, value in properties.items():
        widget.setProperty(key, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # it will be, by these properties
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


# --- marks inside the style sheet -----------------------------------------------------------------------------------

_MARKS = {
    "chevron": '<path d="m6 9 6 6 6-6" fill="none" stroke="{muted}" stroke-width="2" stroke-linecap="round"/>',
    "chevron_up": '<path d="m18 15-6-6-6 6" fill="none" stroke="{muted}" stroke-width="2" stroke-linecap="round"/>',
    "box": '<rect x="2" y="2" width="20" height="20" rx="4" fill="{surface}"'
    ' stroke="{line_strong}" stroke-width="1.6"/>',
    "box_on": '<rect x="2" y="2" width="20" height="20" rx="4" fill="{accent}" stroke="{accent}" stroke-width="1.6"/>'
    '<path d="m7 12.5 3.5 3.5 7-8" fill="none" stroke="{on_accent}" stroke-width="2.6" stroke-linecap="round"/>',
    "dot": '<circle cx="12" cy="12" r="10" fill="{surface}" stroke="{line_strong}" stroke-width="1.6"/>',
    "dot_on": '<circle cx="12" cy="12" r="10" fill="{surface}" stroke="{accent}" stroke-width="2"/>'
    '<circle cx="12" cy="12" r="5.5" fill="{accent}"/>',
}


def marks(name: str) -> dict[str, str]:
    """The small pictures that the style sheet points to, as SVG by file name, in the colours of theme `name`.

    A style sheet can only point at files, so they are kept under `resources/theme/marks/`; a test compares them.
    """
    colours = load_colours(name)._asdict()
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">'
    return {f"{key}.svg": head + shape.format(**colours) + "</svg>\n" for key, shape in _MARKS.items()}

"""How much of a spreadsheet is read: every bound stands here with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """Bounds on one file. A file beyond any of them is refused before it is read, never cut short."""

    file_bytes: int = 25_000_000
    """A year of referrals from a whole force is under 5 MB; the rest is room for logos and formatting."""
    archive_entries: int = 2_000
    """A workbook of fifty sheets has some 200 parts."""
    archive_bytes: int = 150_000_000
    """All parts of an XLSX or ODS file, uncompressed."""
    archive_ratio: int = 250
    """Uncompressed to compressed size of one part. Sheet XML packs 10 to 60 times; a bomb 1,000 times."""
    archive_ratio_from_bytes: int = 2_000_000
    """Parts smaller than this, uncompressed, may pack as well as they like: an empty sheet does."""
    xml_depth: int = 128
    """Nesting of elements; real parts stay under 20."""
    sheets: int = 100
    rows: int = 50_000
    """Ten times the import that must stay smooth."""
    columns: int = 1_000
    """The widest real export seen has some 300."""
    cells: int = 2_000_000
    """Of the rectangle that holds every value of a sheet, empty cells included: they take memory too."""
    cell_chars: int = 32_767
    """The most that Excel itself keeps in one cell."""
    text_chars: int = 60_000_000
    """All text of all cells once repeated strings are counted as often as they are used."""
    read_s: float = 30.0
    """The slowest allowed file takes some 15 s on an old laptop."""
    memory_bytes: int = 1_500_000_000
    """Address space of the process that reads, where the system can limit it."""


LIMITS = SheetLimits()

"""The standing file for every test under this folder."""

from __future__ import annotations

from tests.standing import open_copy, standing, template, work

__all__ = ["open_copy", "standing", "template", "work"]

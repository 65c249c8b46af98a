"""The one error of these scripts."""

from __future__ import annotations


class SetupError(Exception):
    """Something that whoever started the command can put right; its text says what and how."""

"""Which tests go to one worker together, and which are begun first, where several workers share them out.

By the path of a test and not by pytest-xdist's own groups: their marks are written into names that pytest 9.2 makes
anew, so that nothing is kept together (seen with pytest-xdist 3.8.0).
"""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

EVERY_PAGE = {"test_contrast_pages.py", "test_every_page.py", "test_screen_reader.py"}
"""They share a desk with a page of everything, which takes long to make."""
SHARED = {"test_bench.py", "test_whole_session.py"}
"""Each makes something once that takes a minute."""
LONG = {
    *EVERY_PAGE,
    *SHARED,
    "test_converge.py",
    "test_form_stress.py",
    "test_journey.py",
    "test_killed.py",
    "test_killed_window.py",
    "test_lock_forms.py",
    "test_random_sequences.py",
}
"""Begun first, whatever the order of the others: one that is begun last keeps a single worker busy at the end."""


class Sharing(LoadScopeScheduling):
    """Gives to one worker the tests that drive the whole program, and those that share a beginning that costs much."""

    def _split_scope(self, nodeid: str) -> str:
        """What the test with this id is kept together with: itself, unless it belongs to a group."""
        path = PurePosixPath(nodeid.split("::", 1)[0])
        if "end_to_end" in path.parts:
            return "end_to_end"
        if path.name in EVERY_PAGE:
            return "every_page"
        return path.name if path.name in SHARED else nodeid

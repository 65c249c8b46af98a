"""What stands between starting the program and typing the passphrase: Qt, the theme and the vault, nothing more."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("sqlalchemy", "sqlcipher3", "reportlab", "alembic", "advocate_desk.casework", "advocate_desk.store")
PROGRAM = f"""
import sys
import advocate_desk.desk.window
import advocate_desk.desk.screens.unlock.view
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_the_unlock_window_waits_for_no_store() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"

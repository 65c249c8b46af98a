"""`python -m advocate_desk`."""

from __future__ import annotations

import sys

from advocate_desk.app import main

sys.exit(main(sys.argv))

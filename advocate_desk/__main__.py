"""`python -m advocate_desk`."""

from __future__ import annotations

import multiprocessing
import sys

if __name__ == "__main__":  # the process that reads a spreadsheet imports this file too, under another name
    multiprocessing.freeze_support()
    from advocate_desk.app import main

    sys.exit(main(sys.argv))

"""`python -m advocate_desk`."""

from __future__ import annotations

import sys

if __name__ == "__main__":  # the process that reads a spreadsheet imports this file too, under another name
    if getattr(sys, "frozen", False):  # only a frozen build starts its other processes through here
        import multiprocessing

        multiprocessing.freeze_support()
    from advocate_desk.app import main

    sys.exit(main(sys.argv))

"""`python -m advocate_desk`."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Start the program on the command line of this process; gives its exit status."""
    # What is imported never ends, and walking it costs a start a twentieth; the window collects by a timer of its own.
    gc.disable()
    from advocate_desk import app  # noqa: PLC0415

    return app.main(sys.argv)


if __name__ == "__main__":  # the process that reads a spreadsheet imports this file too, under another name
    if getattr(sys, "frozen", False):  # only a frozen build starts its other processes through here
        import multiprocessing

        multiprocessing.freeze_support()
    sys.exit(main())

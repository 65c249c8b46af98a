"""The floor of a start: a window of our size with nothing in it."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QWidget

application = QApplication(sys.argv)
window = QWidget()
window.resize(1280, 760)
window.show()
sys.exit(application.exec())

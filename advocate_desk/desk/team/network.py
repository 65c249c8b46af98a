"""What the system tells of the network, so that a desk calls its hub when the connection comes back and not later.

Asked of the system alone: nothing is sent to find out. Where the system tells nothing, the exchange tries by its clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtNetwork import QNetworkInformation


class NetworkWatch(QObject):
    """Tells of a connection that came back, from `listen` on."""

    returned = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: QNetworkInformation | None = None
        self._reach = 0

    def listen(self) -> None:
        """Begin to listen, once; on the GUI thread. The system's own service is first asked for here."""
        if self._source is not None:
            return
        from PySide6.QtNetwork import QNetworkInformation  # noqa: PLC0415 - only a desk with a hub needs it

        if QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            self._source = QNetworkInformation.instance()
            self._reach = _reach(self._source.reachability())
            self._source.reachabilityChanged.connect(self.on_reachability)

    @Slot("QNetworkInformation::Reachability")
    def on_reachability(self, reachability: QNetworkInformation.Reachability) -> None:
        """The computer reaches more or less than before. Any more is enough: a hub may stand in the same building."""
        before, self._reach = self._reach, _reach(reachability)
        if self._reach > before:
            self.returned.emit()


def _reach(reachability: QNetworkInformation.Reachability) -> int:
    """How far: 0 for nowhere, or where the system does not know."""
    return {"Local": 1, "Site": 2, "Online": 3}.get(reachability.name, 0)

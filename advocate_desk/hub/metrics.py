"""What the operator may watch: counts, sizes and times by route; nothing by organisation, person or address.

Served on an address of its own, by the process that minds the workers, for all of them together: each worker keeps its
figures in files of a private folder. PROMETHEUS_MULTIPROC_DIR must name it before this module is first imported.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector


class Metrics:
    """One worker's figures."""

    def __init__(self) -> None:
        own = CollectorRegistry()
        self._requests = Counter("advocate_hub_requests", "Requests answered.", ("route", "status"), registry=own)
        self._refusals = Counter("advocate_hub_refusals", "Requests refused, by why.", ("code",), registry=own)
        self._seconds = Histogram("advocate_hub_request_seconds", "Time to answer.", ("route",), registry=own)
        self._received = Counter("advocate_hub_received_bytes", "Bytes of requests.", ("route",), registry=own)
        self._sent = Counter("advocate_hub_sent_bytes", "Bytes of answers.", ("route",), registry=own)
        self._records = Counter(
            "advocate_hub_records", "Sealed records taken in and given out.", ("direction",), registry=own
        )

    def request(self, route: str, status: int, seconds: float, received_bytes: int, sent_bytes: int) -> None:
        """Count one request."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._received.labels(route).inc(received_bytes)
        self._sent.labels(route).inc(sent_bytes)

    def refusal(self, code: str) -> None:
        """Count one refusal."""
        self._refusals.labels(code).inc()

    def records(self, direction: str, count: int) -> None:
        """Count records that came "in" or went "out"."""
        self._records.labels(direction).inc(count)


def serve(host: str, port: int, folder: str) -> None:
    """Serve the figures of every worker whose files are in `folder`, from a thread. Raises OSError."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    start_http_server(port, host, registry)

"""What the operator may watch: counts, sizes and times by route; nothing by organisation or person."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest


class Metrics:
    """One worker's figures, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "advocate_hub_requests", "Requests answered.", ("route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "advocate_hub_request_seconds", "Time to answer.", ("route",), registry=self._registry
        )
        self._sent = Counter("advocate_hub_sent_bytes", "Bytes of answers.", ("route",), registry=self._registry)
        self._records = Counter(
            "advocate_hub_records", "Sealed records taken in and given out.", ("direction",), registry=self._registry
        )

    def request(self, route: str, status: int, seconds: float, sent_bytes: int) -> None:
        """Count one request."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._sent.labels(route).inc(sent_bytes)

    def records(self, direction: str, count: int) -> None:
        """Count records that came "in" or went "out"."""
        self._records.labels(direction).inc(count)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)

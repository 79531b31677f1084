"""Traces and metrics by OpenTelemetry, sent as OTLP over HTTP; almost free when switched off.

``configure`` is called once, when a process starts. Without an endpoint nothing is set up: spans
and instruments are the API's own empty ones. Instruments may be made at import time, before
``configure``; they come alive with it::

    _sent = telemetry.counter("koinonia_messages_sent_total")
    _sent.add(3, {"carrier": "acme"})

    with telemetry.tracer().start_as_current_span("dispatch.batch"):
        ...

A trace crosses HTTP and AMQP in the W3C header ``traceparent``: ``inject`` puts it into outgoing
headers, ``extract`` reads it from incoming ones. Spans and metrics of HTTP requests are made by
FastAPI itself: ``FastAPI(telemetry=telemetry.http())``.
"""

import functools
import re
from collections.abc import Callable, Mapping, MutableMapping
from threading import Thread
from typing import Any

from fastapi.telemetry import TelemetryConfig
from fastapi.telemetry._api import _route_selected
from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.metrics import Counter, Histogram
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

EXPORT_TIMEOUT_SECONDS = 5.0
# From 1 ms to 30 s: our histograms hold seconds.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_NAME = re.compile(r"koinonia(_[a-z0-9]+){2,}")
_W3C = TraceContextTextMapPropagator()
_TRACER = trace.get_tracer("koinonia")
_METER = metrics.get_meter("koinonia")
_exports: list[Callable[[], None]] = []  # what ends the sending that was begun


def configure(service: str, endpoint: str | None) -> None:
    """Send this process's traces and metrics to ``endpoint``, such as ``http://collector:4318``.

    None or an empty text switches telemetry off. The sampler is the SDK's own, settable with
    ``OTEL_TRACES_SAMPLER``.
    """
    if endpoint:
        from koinonia.common import telemetry_export  # the SDK is 7 MB and 0.1 s of a start

        _exports.append(telemetry_export.begin(service, endpoint.rstrip("/")))


def is_on() -> bool:
    """Whether traces and metrics of this process are sent somewhere."""
    return bool(_exports)


def shutdown(timeout: float = EXPORT_TIMEOUT_SECONDS) -> None:
    """Send what is still held, for at most ``timeout`` seconds. Blocks; call it from a thread."""
    # The SDK waits up to 30 s for a collector that is away. Its threads, like this one, are
    # daemons, so what is not done in time ends with the process.
    thread = Thread(target=_flush, name="telemetry-shutdown", daemon=True)
    thread.start()
    thread.join(timeout)


def tracer() -> Tracer:
    """The tracer of our own spans."""
    return _TRACER


@functools.cache
def counter(name: str, unit: str = "1", description: str = "") -> Counter:
    """A sum that only grows, named ``koinonia_<noun>_<unit>``; the same one for the same name."""
    return _METER.create_counter(_checked(name), unit, description)


@functools.cache
def histogram(name: str, unit: str = "s", description: str = "") -> Histogram:
    """A distribution of seconds, named ``koinonia_<noun>_seconds``; other units are allowed."""
    boundaries = _SECONDS if unit == "s" else None
    return _METER.create_histogram(
        _checked(name), unit, description, explicit_bucket_boundaries_advisory=boundaries
    )


# Any: a header of HTTP is text, one of AMQP may be a number or a table.
def inject(headers: MutableMapping[str, Any]) -> None:
    """Add the active trace to outgoing HTTP or AMQP headers; nothing when none is active."""
    _W3C.inject(headers)


def extract(headers: Mapping[str, object] | None) -> Context:
    """The trace that incoming headers carry, as the context of a span; a new trace without one.

    Headers may be text or bytes; anything else in them is ignored.
    """
    return _W3C.extract(headers or {}, getter=_HEADERS)


def http() -> TelemetryConfig:
    """Telemetry of a FastAPI application: a span and the duration of each request.

    Health checks are left out. Failures are logged by us, masked, so FastAPI does not record
    them again.
    """
    return {"logs": False, "operation_spans": False, "auto_configure": False, "exclude": _is_probe}


def name_route(scope: MutableMapping[str, Any], path: str) -> None:  # Any: as ASGI has it
    """Say in the span and the metrics of a request which route answers it, where the framework does
    not look for one."""
    _route_selected(scope=scope, path=path)


def _is_probe(scope: Mapping[str, object]) -> bool:
    return str(scope.get("path", "")).startswith("/health")


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"Metric {name} must be named koinonia_<noun>_<unit>.")
    return name


def _flush() -> None:
    while _exports:
        _exports.pop()()


class _Headers(Getter[Mapping[str, object]]):
    """Reads headers of AMQP too, whose values are not always text."""

    def get(self, carrier: Mapping[str, object], key: str) -> list[str] | None:
        value = carrier.get(key)
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        return [value] if isinstance(value, str) else None

    def keys(self, carrier: Mapping[str, object]) -> list[str]:
        return list(carrier)


_HEADERS = _Headers()

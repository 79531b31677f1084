"""Sending traces and metrics as OTLP over HTTP: the SDK behind :mod:`koinonia.common.telemetry`."""

from collections.abc import Callable

from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from koinonia.common import logging
from koinonia.common.telemetry import EXPORT_TIMEOUT_SECONDS

METRICS_EVERY_SECONDS = 15.0


def begin(service: str, base: str) -> Callable[[], None]:
    """Send to the collector at ``base``; the answer sends what is still held, and ends it."""
    resource = Resource.create({"service.name": service, "service.namespace": "koinonia"})
    spans = OTLPSpanExporter(f"{base}/v1/traces", timeout=EXPORT_TIMEOUT_SECONDS)
    tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
    tracers.add_span_processor(_MaskedQuery())
    tracers.add_span_processor(BatchSpanProcessor(spans))
    trace.set_tracer_provider(tracers)
    reader = PeriodicExportingMetricReader(
        OTLPMetricExporter(f"{base}/v1/metrics", timeout=EXPORT_TIMEOUT_SECONDS),
        export_interval_millis=METRICS_EVERY_SECONDS * 1000,
    )
    meters = MeterProvider([reader], resource, shutdown_on_exit=False)
    metrics.set_meter_provider(meters)

    def end() -> None:
        tracers.shutdown()
        meters.shutdown()

    return end


class _MaskedQuery(SpanProcessor):
    """Masks phone numbers in the query of a request, where people search for them."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        query = (span.attributes or {}).get("url.query")
        if isinstance(query, str):
            span.set_attribute("url.query", logging.masked(query))

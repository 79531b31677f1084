"""Traces and metrics: sent to a collector when there is one, and empty otherwise."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry import trace
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider

from koinonia.common import telemetry

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

# A process of its own: OpenTelemetry's providers can be set once and never taken back.
PROGRAM = """
import asyncio, sys, httpx
from fastapi import FastAPI, Response
from koinonia.common import telemetry

sent = telemetry.counter("koinonia_messages_sent_total")
telemetry.configure("messaging", sys.argv[1])
app = FastAPI(telemetry=telemetry.http())

@app.get("/members/{id}")
async def member(id: int) -> int:
    sent.add(3, {"carrier": "telnyx"})
    headers = {}
    telemetry.inject(headers)
    print(headers["traceparent"])
    return id

@app.get("/health")
async def health() -> str:
    return "ok"

class Front:  # answers past the framework
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["path"].startswith("/groups/"):
            telemetry.name_route(scope, "/groups")
            await Response()(scope, receive, send)
        else:
            await self.app(scope, receive, send)

app.add_middleware(Front)

async def main() -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        await client.get("/members/7?q=%2B12025550142", headers={"traceparent": sys.argv[2]})
        await client.get("/groups/8")
        await client.get("/health")

asyncio.run(main())
telemetry.shutdown(float(sys.argv[3]))
"""


class Collector(ThreadingHTTPServer):
    """Takes what is exported to it and keeps it, by path."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.received: dict[str, bytes] = {}
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Receiver(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.received[self.path] = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with Collector() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def printed(collector: Collector) -> str:
    """What the program prints once it has exported everything."""
    return run(collector.url, timeout=10)


def run(endpoint: str, timeout: float) -> str:
    arguments = [sys.executable, "-c", PROGRAM, endpoint, PARENT, str(timeout)]
    return subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=60).stdout


def test_a_request_becomes_one_span_in_the_trace_of_its_caller(
    collector: Collector, printed: str
) -> None:
    request = ExportTraceServiceRequest.FromString(collector.received["/v1/traces"])
    [span, front] = request.resource_spans[0].scope_spans[0].spans
    assert (span.name, front.name) == ("GET /members/{id}", "GET /groups")
    assert f"{span.trace_id.hex()}-{span.parent_span_id.hex()}" in PARENT
    assert f"{span.trace_id.hex()}-{span.span_id.hex()}" in printed


def test_a_phone_in_a_query_is_masked_in_its_span(collector: Collector, printed: str) -> None:
    sent = collector.received["/v1/traces"]
    assert b"5550142" not in sent
    assert "•".encode() in sent


def test_metrics_carry_the_name_of_the_service(collector: Collector, printed: str) -> None:
    request = ExportMetricsServiceRequest.FromString(collector.received["/v1/metrics"])
    resource = request.resource_metrics[0]
    named = {metric.name: metric for scope in resource.scope_metrics for metric in scope.metrics}
    assert named["koinonia_messages_sent_total"].sum.data_points[0].as_int == 3
    assert "http.server.request.duration" in named
    assert 'string_value: "messaging"' in str(resource.resource)


def test_a_collector_that_is_away_does_not_hold_up_the_end() -> None:
    started = time.monotonic()
    run("http://127.0.0.1:9", timeout=0.2)
    assert time.monotonic() - started < 20


def test_without_an_endpoint_nothing_is_set_up() -> None:
    before = trace.get_tracer_provider()
    telemetry.configure("messaging", None)
    telemetry.configure("messaging", "")
    assert trace.get_tracer_provider() is before


def test_without_an_endpoint_spans_and_headers_are_empty() -> None:
    headers: dict[str, str] = {}
    with telemetry.tracer().start_as_current_span("x") as span:
        telemetry.inject(headers)
    assert not span.is_recording()
    assert headers == {}


def test_a_trace_passes_through_even_when_telemetry_is_off() -> None:
    headers: dict[str, str] = {}
    with telemetry.tracer().start_as_current_span("x", telemetry.extract({"traceparent": PARENT})):
        telemetry.inject(headers)
    assert headers["traceparent"] == PARENT


def test_an_injected_trace_is_extracted_again() -> None:
    headers: dict[str, str] = {}
    with TracerProvider(shutdown_on_exit=False).get_tracer("t").start_as_current_span("s") as span:
        telemetry.inject(headers)
    carried = trace.get_current_span(telemetry.extract(headers)).get_span_context()
    assert carried.span_id == span.get_span_context().span_id


@pytest.mark.parametrize("headers", [None, {}, {"traceparent": 5}, {"traceparent": "rubbish"}])
def test_headers_without_a_trace_begin_a_new_one(headers: dict[str, object] | None) -> None:
    assert not trace.get_current_span(telemetry.extract(headers)).get_span_context().is_valid


def test_a_trace_in_bytes_is_read() -> None:
    context = telemetry.extract({"traceparent": PARENT.encode()})
    assert trace.get_current_span(context).get_span_context().is_valid


@pytest.mark.parametrize("name", ["messages_sent_total", "koinonia_sent", "koinonia_Sent_total"])
def test_a_metric_with_another_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="koinonia_<noun>_<unit>"):
        telemetry.counter(name)


def test_the_same_name_is_the_same_instrument() -> None:
    assert telemetry.counter("koinonia_x_total") is telemetry.counter("koinonia_x_total")

"""Logs: one JSON object a line, or coloured lines for people, with nothing private in them.

``configure`` is called once, when a process starts. Then anywhere::

    log = structlog.get_logger()
    log.info("message.sent", recipients=3)

The standard library's loggers (uvicorn, sqlalchemy, aio_pika) leave by the same door. Every line
carries what ``structlog.contextvars`` holds (request_id, church_id, event) and the ids of the
active trace. Whatever looks like a phone number is masked, in tracebacks too, and fields that
would hold a person's words or a secret are left out.
"""

import asyncio
import json
import logging
import os
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Literal
from uuid import UUID

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from koinonia.common import phone

Format = Literal["json", "console"]

_LEFT_OUT = frozenset({"text", "content", "body", "phone", "phone_number", "phoneNumber"}) | {
    *("password", "token", "secret", "authorization", "cookie", "api_key")
}
# E.164, or ten digits as North America writes them. Digits that continue a longer number or a
# hexadecimal id are not a phone; those that follow an escaped + or space in a URL are.
_PHONE = re.compile(
    r"(?:(?<![0-9A-Fa-f])|(?<=%2B)|(?<=%2b)|(?<=%20))"
    r"(?:\+[1-9](?:[ .()-]{0,2}\d){7,14}|(?:1[ .-]?)?\(?[2-9]\d\d\)?[ .-]{0,2}[2-9]\d\d[ .-]?\d{4})"
    r"(?![0-9A-Fa-f])"
)
# PostgreSQL quotes the row that broke a constraint, with all that people wrote in it.
_DETAIL = re.compile(
    r"(\nDETAIL: ).*?(?=\nHINT:|\n\[SQL|\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL
)
# Ours, and in most lines: no number of a phone can stand in them by the rule above.
_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WRITTEN_HERE = frozenset({"timestamp", "level", "service", "trace_id", "span_id"})
_MASKED = re.compile(r"\+?\d{0,4}•+\d{0,2}")
_NOT_IN_A_NUMBER = re.compile(r"[^\d+]")
# These say at INFO what our own lines say better, and at DEBUG they print headers with secrets.
_QUIET = ("httpx", "httpcore", "aio_pika", "aiormq", "urllib3", "asyncio")
_OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access")


def configure(service: str, level: str = "INFO", format: Format | None = None) -> None:  # noqa: A002
    """Set up structlog and the standard library's logging for this process.

    ``level`` is a name like ``INFO``; calls below it cost next to nothing. ``format`` comes from
    ``KOINONIA_LOG_FORMAT`` when None, and is JSON unless that says ``console``.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    console = (format or os.environ.get("KOINONIA_LOG_FORMAT")) == "console"
    context = _context(service)
    renderer = _console_renderer() if console else _json
    structlog.configure(
        processors=[*context, _private, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=lambda *_: _Output(),
        cache_logger_on_first_use=True,
    )
    frequent.threshold = threshold
    _route_standard_library(threshold, context, renderer)


def masked(text: str) -> str:
    """``text`` with every phone number in it masked, and without the rows a database quotes."""
    if "\nDETAIL: " in text:
        text = _DETAIL.sub(r"\1(hidden)", text)
    return _PHONE.sub(_mask, text)


def _context(service: str) -> list[Processor]:
    def name_service(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_service,
        _trace_ids,
        structlog.processors.format_exc_info,
    ]


def _trace_ids(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event


def _private(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    ours = {key: event.pop(key) for key in _WRITTEN_HERE if key in event}
    return {**_clean_items(event.items()), **ours}


def _clean_items(items: Iterable[tuple[object, object]]) -> dict[str, object]:
    cleaned: dict[str, object] = {}
    for key, value in items:
        name = key if type(key) is str else str(key)
        value = _clean(value)
        if name not in _LEFT_OUT or (isinstance(value, str) and _MASKED.fullmatch(value)):
            # What has no digit needs no look.
            cleaned[name if name.replace("_", "").isalpha() else masked(name)] = value
    return cleaned


_AS_IT_IS = frozenset({int, float, bool, type(None), UUID})
_AS_TEXT = (BaseException, Decimal, date, time, timedelta, PurePath, UUID, int)


def _clean(value: object) -> object:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, str):
        return value if _ID.fullmatch(value) else masked(value)
    if isinstance(value, Mapping):
        return _clean_items(value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    # The repr of a row or a model would print its fields, so an unknown thing is only named.
    return masked(str(value)) if isinstance(value, _AS_TEXT) else f"<{type(value).__name__}>"


def _mask(match: re.Match[str]) -> str:
    return phone.mask(_NOT_IN_A_NUMBER.sub("", match[0]))


def _json(_: WrappedLogger, __: str, event: EventDict) -> str:
    try:
        return orjson.dumps(event).decode()
    except TypeError:  # an integer of more than 64 bits, a lone surrogate
        return json.dumps(event, default=str)


def _console_renderer() -> Processor:
    # The prettier tracebacks print local variables, phones and texts among them.
    return structlog.dev.ConsoleRenderer(
        colors="NO_COLOR" not in os.environ, exception_formatter=structlog.dev.plain_traceback
    )


class _Output:
    """Writes a line to whatever standard output is at that moment."""

    def msg(self, line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    debug = info = warning = warn = error = exception = critical = fatal = log = msg


class _FrequentLines:
    """Lines at INFO that each request leaves: through the processors of every line, but past
    structlog's own objects, and in one write with those of the same turn of the event loop. So a
    process that is killed may lose the lines of its last turn, a few milliseconds."""

    def __init__(self) -> None:
        self.threshold = logging.NOTSET
        self._waiting: list[str] = []

    def info(self, event: str, **fields: object) -> None:
        if self.threshold > logging.INFO:
            return
        line: Any = {**fields, "event": event}  # Any: the last processor makes a text of it
        try:
            for process in structlog.get_config()["processors"]:
                line = process(None, "info", line)
        except structlog.DropEvent:
            return
        self._waiting.append(line)
        if len(self._waiting) == 1:
            try:
                asyncio.get_running_loop().call_soon(self._write)
            except RuntimeError:  # nothing to wait for
                self._write()

    def _write(self) -> None:
        lines, self._waiting = self._waiting, []
        _Output().msg("\n".join(lines))


frequent = _FrequentLines()


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            _Output().msg(self.format(record))
        except Exception:
            self.handleError(record)


def _route_standard_library(threshold: int, context: list[Processor], renderer: Processor) -> None:
    handler = _Handler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*context, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _private,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    logging.captureWarnings(True)
    for name in _OWN_HANDLERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))

"""Log lines: their shape, and what never gets into one."""

import asyncio
import logging as stdlib
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import orjson
import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider

from koinonia.common import logging

Lines = pytest.CaptureFixture[str]
WHERE = "/api/members/+12025550142"  # a route never is, and would be masked


@pytest.fixture(autouse=True)
def _configuration() -> Iterator[None]:
    root, handlers, level = stdlib.getLogger(), stdlib.getLogger().handlers[:], stdlib.root.level
    logging.configure("messaging", "INFO", "json")
    yield
    structlog.reset_defaults()
    stdlib.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


def only(lines: Lines) -> dict[str, object]:
    """The one line that was logged."""
    line: dict[str, object] = orjson.loads(lines.readouterr().out)
    return line


def test_a_line_is_json_with_its_service_level_and_fields(capsys: Lines) -> None:
    church = UUID("0192f0c1-0000-7000-8000-000000000001")
    structlog.get_logger().info("message.sent", recipients=3, church_id=church)
    line = only(capsys)
    assert line.pop("timestamp")
    assert line == {
        "event": "message.sent",
        "level": "info",
        "service": "messaging",
        "recipients": 3,
        "church_id": str(church),
    }


def test_a_line_below_the_level_is_not_written(capsys: Lines) -> None:
    structlog.get_logger().debug("message.sent")
    assert capsys.readouterr().out == ""


async def test_the_lines_of_one_turn_are_whole_and_leave_in_one_write(
    capsys: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[str] = []
    monkeypatch.setattr(sys.stdout, "write", writes.append)
    for number in range(3):
        with structlog.contextvars.bound_contextvars(request_id=f"r{number}"):
            logging.frequent.info("request.finished", phone="+12025550142", route=WHERE)
    assert writes == []
    await asyncio.sleep(0)
    [written] = writes
    lines = [orjson.loads(line) for line in written.splitlines()]
    assert [line["request_id"] for line in lines] == ["r0", "r1", "r2"]
    assert {(line["event"], line["service"], line["level"]) for line in lines} == {
        ("request.finished", "messaging", "info")
    }
    assert "5550142" not in written


def test_where_nothing_turns_a_frequent_line_is_written_at_once(capsys: Lines) -> None:
    logging.frequent.info("request.finished")
    assert only(capsys)["event"] == "request.finished"


def test_a_frequent_line_below_the_level_is_not_written(capsys: Lines) -> None:
    logging.configure("messaging", "WARNING", "json")
    logging.frequent.info("request.finished")
    assert capsys.readouterr().out == ""


def test_a_line_carries_the_bound_context(capsys: Lines) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.get_logger().info("message.sent")
    assert only(capsys)["request_id"] == "r1"


def test_a_line_within_a_span_names_its_trace(capsys: Lines) -> None:
    with TracerProvider(shutdown_on_exit=False).get_tracer("t").start_as_current_span("s") as span:
        structlog.get_logger().info("message.sent")
    assert only(capsys)["trace_id"] == f"{span.get_span_context().trace_id:032x}"


@pytest.mark.parametrize(
    "text",
    [
        "+12025550142",
        "sent to +12025550142.",
        "2025550142",
        "1 (202) 555-0142",
        "202.555.0142",
        "/members?phone=%2B12025550142",
        "phone: 12025550142,",
        "+44 7911 123456",
        "('+12025550142',)",
    ],
)
def test_a_phone_number_in_any_text_is_masked(capsys: Lines, text: str) -> None:
    structlog.get_logger().info(text, where=text, deep=[{"a": (text,)}], **{text: 1})
    written = capsys.readouterr().out
    assert "0142" not in written
    assert "3456" not in written
    assert "•" in written


@pytest.mark.parametrize(
    "text",
    [
        "0192f0c1-2345-7000-8000-202555014299",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "2025550142aaaabbbbccccddddeeeeff",
        "2026-11-22T15:38:00.202555+00:00",
        "1763800000",
        "10.0.0.12:5432",
        "12345678901234567890",
    ],
)
def test_ids_and_times_are_left_alone(text: str) -> None:
    assert logging.masked(text) == text


@pytest.mark.parametrize("name", ["text", "content", "body", "phone", "password", "token"])
def test_private_fields_are_left_out_wherever_they_are(capsys: Lines, name: str) -> None:
    fields = {name: "See you on Sunday", "deep": {name: "See you on Sunday"}}
    structlog.get_logger().info("message.sent", **fields)
    line = only(capsys)
    assert name not in line
    assert line["deep"] == {}


def test_a_masked_phone_stays(capsys: Lines) -> None:
    structlog.get_logger().info("member.created", phone="+12025550142")
    assert only(capsys)["phone"] == "+1202•••••42"


def test_a_message_with_a_number_in_it_is_left_out_all_the_same(capsys: Lines) -> None:
    structlog.get_logger().info("message.sent", text="Call +12025550142")
    assert "text" not in only(capsys)


def test_a_traceback_is_written_with_its_numbers_masked(capsys: Lines) -> None:
    try:
        raise ValueError("no route to +12025550142")
    except ValueError:
        structlog.get_logger().exception("message.failed")
    traceback = str(only(capsys)["exception"])
    assert "ValueError: no route to +1202•••••42" in traceback


def test_a_row_that_the_database_quotes_is_left_out_of_a_traceback(capsys: Lines) -> None:
    quoted = "violates a check\nDETAIL:  Failing row contains (1, Hi Ann (see you).\n\nline two)."
    try:
        try:
            raise ValueError(quoted)
        except ValueError as cause:
            raise OSError("not written") from cause
    except OSError:
        structlog.get_logger().exception("message.failed")
    traceback = str(only(capsys)["exception"])
    assert "Ann" not in traceback
    assert "line two" not in traceback
    assert "DETAIL: (hidden)\n\nThe above exception" in traceback
    assert "OSError: not written" in traceback


def test_an_unknown_object_is_only_named(capsys: Lines) -> None:
    structlog.get_logger().info(
        "x", row=type("Member", (), {})(), path=Path("a/b"), error=OSError()
    )
    line = only(capsys)
    assert (line["row"], line["path"], line["error"]) == ("<Member>", "a/b", "")


def test_a_value_that_json_cannot_hold_does_not_fail_the_caller(capsys: Lines) -> None:
    structlog.get_logger().info("x", big=2**80, odd="\ud800")
    assert str(2**80) in capsys.readouterr().out


def test_the_standard_library_logs_by_the_same_door(capsys: Lines) -> None:
    stdlib.getLogger("uvicorn.error").warning("no answer from %s", "+12025550142")
    line = only(capsys)
    assert line["event"] == "no answer from +1202•••••42"
    assert (line["logger"], line["level"], line["service"]) == (
        "uvicorn.error",
        "warning",
        "messaging",
    )


def test_a_failure_logged_by_a_library_has_its_traceback_masked(capsys: Lines) -> None:
    try:
        raise ValueError("+12025550142")
    except ValueError:
        stdlib.getLogger("sqlalchemy.pool").exception("broken")
    assert "ValueError: +1202•••••42" in str(only(capsys)["exception"])


def test_the_libraries_that_print_headers_are_quiet(capsys: Lines) -> None:
    logging.configure("messaging", "DEBUG", "json")
    stdlib.getLogger("httpcore.http11").debug("authorization: Bearer x")
    assert capsys.readouterr().out == ""


def test_people_may_read_it_in_colour(capsys: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOINONIA_LOG_FORMAT", "console")
    monkeypatch.delenv("NO_COLOR", raising=False)
    logging.configure("messaging")
    structlog.get_logger().info("message.sent", to="+12025550142")
    written = capsys.readouterr().out
    assert "\x1b[" in written
    assert "+1202•••••42" in written

"""Compares JSON that is written from rows with the model that describes it, in every test."""

from typing import Any

import orjson
from pydantic import TypeAdapter

from koinonia.common.schema import json_answers


class Mismatch(AssertionError):
    """A list and its schema have drifted apart."""


def install() -> None:
    """Compare every answer from here on."""
    json_answers.inspect = compare


def compare(model: Any, body: bytes) -> None:  # Any: a model, or what stands for one
    """Raises :class:`Mismatch` where the model would write another JSON, or none."""
    adapter = TypeAdapter(model)
    written = orjson.loads(adapter.dump_json(adapter.validate_json(body), by_alias=True))
    if written != orjson.loads(body):
        raise Mismatch(f"Written from rows: {body!r}. By the model: {written}.")

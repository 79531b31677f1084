"""Rules about several fields of an input, as its JSON Schema says them.

The model checks them in Python, with a sentence of its own; these say the same to clients::

    model_config = ConfigDict(json_schema_extra=refused(both("content", "templateId")))

A field counts as given when it is neither left out nor null, and no empty text or list. All of
them are one ``not``, which generators of clients pass over: a type cannot say them.
"""

from pydantic.config import JsonDict


def given(name: str) -> JsonDict:
    return {"required": [name], "properties": {name: {"not": {"enum": [None, "", []]}}}}


def both(one: str, other: str) -> JsonDict:
    """Two fields of which one stands for the other."""
    return {"allOf": [given(one), given(other)]}


def none_of(*names: str) -> JsonDict:
    """Fields of which at least one is needed."""
    return {"not": {"anyOf": [given(name) for name in names]}}


def lacking(*names: str) -> JsonDict:
    """Fields of which each is needed."""
    return {"not": {"allOf": [given(name) for name in names]}}


def one_alone(one: str, other: str) -> JsonDict:
    """Two fields that belong together."""
    return {"oneOf": [given(one), given(other)]}


def where(name: str, value: str | bool, bad: JsonDict) -> JsonDict:
    """``bad``, where a field has this value."""
    return {"allOf": [{"required": [name], "properties": {name: {"const": value}}}, bad]}


def refused(*bad: JsonDict) -> JsonDict:
    """What none of an input's values may be."""
    return {"not": {"anyOf": [*bad]}}

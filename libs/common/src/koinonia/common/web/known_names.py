"""Which names a client may use at a place, and the nearest of them to one that it made up."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

LONGEST_COMPARED = 60  # characters; comparing takes the square of it
SHORTEST_HEAD = 3  # letters of a name that is meant by its beginning: "from" for "fromNumberId"
_UNIONS = (Union, UnionType)  # Optional[X] and X | None
LIKENESS = 0.6  # of 1; "timeZone" and "timezone" are 1, "status" and "state" 0.73


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    bare = {_bare(each): each for each in sorted(known)}
    meant = _bare(name[:LONGEST_COMPARED])
    close = difflib.get_close_matches(meant, bare, 1, LIKENESS)
    longer = [each for each in bare if len(meant) >= SHORTEST_HEAD and each.startswith(meant)]
    return next((bare[each] for each in (*close, *longer)), None)


def fields(annotation: object, place: Sequence[str | int]) -> set[str]:
    """The names of fields that an input of this type has at ``place``, a path of fields and
    positions in it."""
    inputs = [annotation]
    for step in place:
        inputs = _tagged(inputs, step) or _below(inputs, step) or inputs
    models = [model for each in inputs for model in _models(each)]
    return {name for model in models for name in _named(model)}


def sent_path(annotation: object, place: Sequence[str | int]) -> list[str | int]:
    """``place`` as it was sent: pydantic also names the variant of a union that it took, which no
    field of the body is called by. The last step stays, for it may be what nobody knows."""
    inputs, path = [annotation], list[str | int]()
    for number, step in enumerate(place, 1):
        if variants := _tagged(inputs, step):
            inputs = variants
            continue
        below = _below(inputs, step)
        if below or number == len(place):
            path.append(step)
        inputs = below or inputs
    return path


def _tagged(inputs: Iterable[object], step: str | int) -> list[object]:
    return [variant for each in inputs for variant in _variants(each, step)]


def _below(inputs: Iterable[object], step: str | int) -> list[object]:
    return [inner for each in inputs for inner in _inside(each, step)]


def _variants(annotation: object, step: str | int) -> Iterator[object]:
    """Those of a union with a discriminator that are sent with ``step`` in it."""
    if get_origin(annotation) is Annotated:
        union, *notes = get_args(annotation)
        names = [note.discriminator for note in notes if isinstance(note, FieldInfo)]
        for name in filter(None, names):
            for variant in get_args(union):
                if step in get_args(variant.model_fields[name].annotation):
                    yield variant
    elif get_origin(annotation) in _UNIONS:
        for part in get_args(annotation):
            yield from _variants(part, step)


def _inside(annotation: object, step: str | int) -> Iterator[object]:
    """What an input of this type has at ``step``: a field, an entry or a value of a map."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _inside(get_args(annotation)[0], step)
    elif origin in _UNIONS:
        for part in get_args(annotation):
            yield from _inside(part, step)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if (field.alias or name) == step:
                yield field.annotation
    elif isinstance(origin, type):  # list[X], dict[str, X]
        *_, value = get_args(annotation)
        if isinstance(step, int) is not issubclass(origin, Mapping):
            yield value


def _named(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _bare(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "")

"""Targets as they are shown."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import TypeAdapter

from koinonia.messaging.people.targets.target_schemas import Target, TargetOut, TargetType

_OUT: TypeAdapter[TargetOut] = TypeAdapter(TargetOut)


def shown(
    target_type: TargetType, target_ids: Sequence[UUID], target: Mapping[str, object] | None
) -> TargetOut:
    """Of a message: ``target`` is the JSON that was kept where type and ids do not say it."""
    if target is not None:
        return _OUT.validate_python(target)
    ids = {} if target_type is TargetType.ALL else {"ids": list(target_ids)}
    return _OUT.validate_python({"type": target_type, **ids})


def kept(target: Target) -> TargetOut:
    """Of a schedule, for which the people of then will count."""
    return _OUT.validate_python(target.model_dump(by_alias=True, exclude_unset=True))

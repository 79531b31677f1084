"""What can be wrong with the words of a text, and what to do about it."""

from collections.abc import Sequence
from typing import Self

from koinonia.common import errors
from koinonia.common.schema import Schema


class PlaceInText(Schema):
    position: int  # of a character, from 1


class BadMergeField(errors.Invalid):
    """``{{`` and ``}}`` that do not make a merge field. The error gives the place and not the text,
    because a text reaches no log."""

    code = "BAD_MERGE_FIELD"
    details_type = PlaceInText | None
    message = "A merge field is written {{firstName|friend}}."

    @classmethod
    def at(cls, index: int, problem: str) -> Self:
        place = index + 1
        return cls(f"{problem} at character {place}. {cls.message}", details={"position": place})


class FieldNames(Schema):
    unknown: list[str]
    known: list[str]


class UnknownCustomField(errors.Invalid):
    code = "UNKNOWN_CUSTOM_FIELD"
    details_type = FieldNames
    message = "There is no such field."

    @classmethod
    def among(cls, unknown: Sequence[str], known: Sequence[str]) -> Self:
        fields = "field" if len(unknown) == 1 else "fields"
        there = f"Known are {', '.join(known)}" if known else "There are none yet"
        return cls(
            f"Unknown {fields} {', '.join(unknown)}. {there}; POST /api/fields makes new ones.",
            details={"unknown": list(unknown), "known": list(known)},
        )


class FieldsWithoutFallback(Schema):
    fields: list[str]


class FieldNeedsFallback(errors.Invalid):
    code = "FIELD_NEEDS_FALLBACK"
    details_type = FieldsWithoutFallback
    message = "Somebody has no value for a merge field of this text, and it has no fallback."

    @classmethod
    def for_fields(cls, fields: Sequence[str]) -> Self:
        first = fields[0]
        return cls(
            f"Not everybody of this target has a value for {', '.join(fields)}. Write what the "
            f"others get instead: {{{{{first}|…}}}}.",
            details={"fields": list(fields)},
        )


class NoSuchTemplate(errors.NotFound):
    code = "TEMPLATE_NOT_FOUND"
    message = "There is no template with this id. GET /api/templates lists yours."


class TemplateExists(errors.Conflict):
    code = "TEMPLATE_EXISTS"
    message = "A template of this name exists already. Choose another name or change that one."


class NoSuchField(errors.NotFound):
    code = "FIELD_NOT_FOUND"
    message = "There is no field with this id. GET /api/fields lists yours."


class FieldExists(errors.Conflict):
    code = "FIELD_EXISTS"
    message = "A field has this key or label already. Choose another one."


class FieldReserved(errors.Invalid):
    code = "FIELD_RESERVED"
    message = "Every member has a field of this name already. Choose another key and label."


class TooManyFields(errors.Conflict):
    code = "TOO_MANY_FIELDS"
    message = "A church has at most 50 fields. Remove one that is not needed any more."


class UsesOfField(Schema):
    templates: list[str]
    schedules: list[str]


class FieldInUse(errors.Conflict):
    code = "FIELD_IN_USE"
    details_type = UsesOfField
    message = "Templates or scheduled messages use this field."

    @classmethod
    def by(cls, templates: Sequence[str], schedules: Sequence[str]) -> Self:
        uses = [f"template {name}" for name in templates]
        uses += [f"scheduled message {name}" for name in schedules]
        return cls(
            f"This field is used by {_listed(uses)}. Change or remove them first.",
            details={"templates": list(templates), "schedules": list(schedules)},
        )


class UsesOfTemplate(Schema):
    schedules: list[str]


class TemplateInUse(errors.Conflict):
    details_type = UsesOfTemplate
    code = "TEMPLATE_IN_USE"
    message = "Scheduled messages use this template."

    @classmethod
    def by(cls, schedules: Sequence[str]) -> Self:
        uses = _listed([f"scheduled message {name}" for name in schedules])
        return cls(
            f"This template is used by {uses}. Change or cancel them first.",
            details={"schedules": list(schedules)},
        )


def _listed(uses: Sequence[str]) -> str:
    return ", ".join(uses[:5]) + (" and others" if len(uses) > 5 else "")


class NoSuchUpload(errors.NotFound):
    code = "FILE_NOT_FOUND"
    message = (
        "A file in mediaIds is not to be had: it was uploaded a week ago or more and nothing uses "
        "it, or by somebody else. Upload it again with POST /api/media."
    )


class FilesTooLarge(errors.TooLarge):
    code = "FILES_TOO_LARGE"
    message = (
        "The files of one text may have 1 MB together. Leave some out, or send them with a second "
        "one."
    )

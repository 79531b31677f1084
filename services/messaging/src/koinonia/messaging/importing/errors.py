"""What can be wrong with an import, and what to do about it."""

from enum import StrEnum
from typing import Self

from koinonia.common import errors
from koinonia.common.schema import Schema
from koinonia.messaging.errors import ConsentColumns
from koinonia.messaging.importing import limits


class NoSuchImport(errors.NotFound):
    code = "IMPORT_NOT_FOUND"
    message = (
        "There is no import with this id. It is kept for 30 days; GET /api/imports lists them."
    )


class TooManyImports(errors.Conflict):
    code = "TOO_MANY_IMPORTS"
    message = (
        f"{limits.MOST_JOBS} imports are kept already. DELETE those that you need no more; what "
        "they wrote stays."
    )


class ImportTooLarge(errors.TooLarge):
    code = "FILE_TOO_LARGE"
    message = (
        f"The file is larger than {limits.MOST_BYTES // limits.MB} MB. Split it and import the "
        "parts one after another."
    )


class ImportTooLong(errors.TooLarge):
    code = "TOO_MANY_ROWS"
    message = f"The file has more than {limits.MOST_ROWS:,} rows. Split it and import the parts."


class CellTooLong(errors.Invalid):
    code = "CELL_TOO_LONG"

    @classmethod
    def at(cls, row: int, column: int) -> Self:
        return cls(
            f"Row {row} has more than {limits.LONGEST_CELL:,} characters in column {column}. "
            "Shorten it, or remove the column, and send the file again."
        )


class TooManyColumns(errors.Invalid):
    code = "TOO_MANY_COLUMNS"
    message = (
        f"The file has more than {limits.MOST_COLUMNS} columns. Keep those that are needed and "
        "send it again."
    )


class NoRows(errors.Invalid):
    code = "EMPTY_FILE"
    message = (
        "The file has no rows below its heads. Send one with a head and a row for each person."
    )


class BadTextEncoding(errors.Invalid):
    code = "BAD_ENCODING"
    message = (
        "The text of the file cannot be read. Save it as “CSV UTF-8” or as .xlsx in your "
        "spreadsheet program and send it again."
    )


class NotAList(errors.Invalid):
    code = "NOT_A_LIST"
    message = (
        "The file is a picture or a document, and no list of people. Export the list as CSV or as "
        ".xlsx and send that."
    )


class OldWorkbook(errors.Invalid):
    code = "OLD_WORKBOOK"
    message = (
        "The file is of an older Excel, has a password, or is a web page that calls itself a "
        "workbook. Open it in a spreadsheet program, save it as .xlsx without a password, and send "
        "that."
    )


class ContactCards(errors.Invalid):
    code = "CONTACT_CARDS"
    message = "The file holds contact cards (vCard). Export the contacts as CSV and send that."


class BadWorkbook(errors.Invalid):
    code = "BAD_WORKBOOK"
    message = (
        "The file cannot be read as an .xlsx workbook. Save it anew, without a password, or as "
        "“CSV UTF-8”, and send it again."
    )


class WorkbookTooLarge(errors.TooLarge):
    code = "WORKBOOK_TOO_LARGE"
    message = (
        f"Unpacked, the workbook is larger than {limits.MOST_UNPACKED // limits.MB} MB, or a sheet "
        f"of it has more than {limits.MOST_CELLS:,} cells. Save its first sheet as “CSV UTF-8” and "
        "send that."
    )


class MappingFault(StrEnum):
    """What does not fit in a mapping."""

    NO_PHONE = "NO_PHONE"
    NO_SUCH_COLUMN = "NO_SUCH_COLUMN"
    COLUMN_TWICE = "COLUMN_TWICE"
    TARGET_TWICE = "TARGET_TWICE"
    FIELD_TWICE = "FIELD_TWICE"
    FIELD_UNNAMED = "FIELD_UNNAMED"
    BRANCH_WITHOUT_GROUPS = "BRANCH_WITHOUT_GROUPS"
    SYSTEM_UNNAMED = "SYSTEM_UNNAMED"


class MappingProblem(Schema):
    column: int | None  # counted from 1
    code: MappingFault
    problem: str


class BadImportMapping(errors.Invalid):
    code = "MAPPING_DOES_NOT_FIT"
    details_type = list[MappingProblem]
    message = "The columns cannot be mapped so."

    @classmethod
    def because(cls, fault: MappingFault, problem: str, column: int | None = None) -> Self:
        return cls(problem, details=[{"column": column, "code": fault, "problem": problem}])


class ColumnUndecided(errors.Invalid):
    code = "CONSENT_COLUMN"
    details_type = ConsentColumns
    message = "A column of the file speaks of consent."

    @classmethod
    def named(cls, heads: list[str]) -> Self:
        which = ", ".join(f"“{head[:60]}”" for head in heads)
        return cls(
            f"{which}: this speaks of consent to be texted. Say in the mapping that it is optOut "
            "or optIn, or that it is leftOut.",
            details={"columns": heads},
        )


class NotMapped(errors.Conflict):
    code = "IMPORT_NOT_MAPPED"
    message = (
        "Nobody has said yet what the columns are and how these people agreed. PUT "
        "/api/imports/{importId}/mapping first."
    )


class NotNow(errors.Conflict):
    code = "IMPORT_NOT_IN_STATE"

    @classmethod
    def in_status(cls, status: str, wish: str) -> Self:
        return cls(f"The import is {status}, so it cannot be {wish}. GET it to see what is next.")


class HeadNotKept(errors.Conflict):
    code = "IMPORT_HEAD_FIXED"
    message = (
        "The first row of this file names its columns, and that cannot be changed: it is the only "
        "one beside a person, or was not kept. Send the file again."
    )

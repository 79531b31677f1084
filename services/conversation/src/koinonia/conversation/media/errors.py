"""Errors of pictures and files, each with what to do about it."""

from koinonia.common import errors


class FileLinkForged(errors.Forbidden):
    code = "FILE_LINK_FORGED"
    message = "This address of a file is not one of ours. Take it from the conversation again."


class FileLinkExpired(errors.Forbidden):
    code = "FILE_LINK_EXPIRED"
    message = "This address of a file has expired. Load the conversation again for a new one."


class NoSuchFile(errors.NotFound):
    code = "FILE_NOT_FOUND"
    message = "There is no such file, or not yet, or not any more."


class NoSuchPart(errors.AppError):
    status = 416
    code = "NO_SUCH_PART"
    message = "The file has no such part. Ask for less of it, or for all of it without Range."


class NoSuchUpload(errors.NotFound):
    code = "FILE_NOT_FOUND"
    message = (
        "A file in mediaIds is not to be had: it was uploaded a week ago or more and nothing uses "
        "it, or by somebody else. Upload it again with POST /api/media."
    )


class FileNotTaken(errors.Unprocessable):
    code = "FILE_NOT_TAKEN"
    message = "Files of this kind are not taken."


class FileTooLarge(errors.TooLarge):
    code = "FILE_TOO_LARGE"


class FilesTooLarge(errors.TooLarge):
    code = "FILES_TOO_LARGE"
    message = (
        "The files of one text may have 1 MB together. Leave some out, or send them with a second "
        "one."
    )


class StoreNotReached(errors.Unavailable):
    code = "STORE_NOT_REACHED"
    message = "Files can neither be kept nor shown at the moment. Try again in a minute."

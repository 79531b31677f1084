"""What can be wrong with a picture or file, and what to do about it."""

from koinonia.common import errors


class FileLinkForged(errors.Forbidden):
    code = "FILE_LINK_FORGED"
    message = "This address of a file is not one of ours. Take it from the conversation again."


class FileLinkExpired(errors.Forbidden):
    code = "FILE_LINK_EXPIRED"
    message = "This address of a file has expired. Load the conversation again for a new one."

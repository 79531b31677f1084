"""Requests and responses about second factors."""

from datetime import datetime
from typing import Annotated, Self

import segno
from pydantic import Field

from koinonia.auth.fields import AsTokens, Password
from koinonia.auth.second_factor.enrolment import Begun
from koinonia.common.schema import Input, Schema

QUIET_ZONE = 4  # modules around the picture, which readers need

Code = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        repr=False,
        description="of the authenticator app, or a recovery code",
        examples=["123456"],
    ),
]
Challenge = Annotated[
    str,
    Field(min_length=1, max_length=300, repr=False, description="the answer to a password"),
]


class PasswordIn(Input):
    password: Password = Field(description="the present one")


class CodeIn(Input):
    code: Code


class PasswordAndCodeIn(PasswordIn):
    code: Code


class RequirementIn(Input):
    is_required: bool


class ChallengeIn(Input):
    challenge: Challenge


class SecondStepIn(ChallengeIn):
    code: Code
    tokens: AsTokens = False


class SecondFactorOut(Schema):
    since: datetime | None = Field(description="null: there is none")
    codes_left: int = Field(description="recovery codes that were not used", examples=[10])
    is_required: bool = Field(description="by the church, of everybody in the team")


class PictureOut(Schema):
    """A QR code as an SVG path: ``size`` units wide and high, its dark parts in ``path``."""

    size: int = Field(examples=[49])
    path: str = Field(examples=["M4 4h7v1h-7z"])


class EnrolmentOut(Schema):
    secret: str = Field(description="to type in, where there is no camera")
    uri: str = Field(examples=["otpauth://totp/Koinonia:ruth%40grace.example.org?secret=JBSWY3DP"])
    picture: PictureOut

    @classmethod
    def begun(cls, begun: Begun) -> Self:
        return cls(secret=begun.secret, uri=begun.uri, picture=_picture(begun.uri))


class RecoveryCodesOut(Schema):
    recovery_codes: list[str] = Field(
        description="Each signs in once in place of a code. They cannot be read again.",
        examples=[["JBSW-Y3DP-EHPK-3PXP"]],
    )


def _picture(text: str) -> PictureOut:
    code = segno.make_qr(text, error="m")
    width, _ = code.symbol_size(border=QUIET_ZONE)
    return PictureOut(size=width, path="".join(_runs(code)))


def _runs(code: segno.QRCode) -> list[str]:
    """A rectangle for each run of dark modules in a row."""
    found = []
    for y, row in enumerate(code.matrix):
        begun = None
        for x, dark in enumerate((*row, 0)):
            if dark and begun is None:
                begun = x
            elif not dark and begun is not None:
                at = f"{begun + QUIET_ZONE} {y + QUIET_ZONE}"
                found.append(f"M{at}h{x - begun}v1h-{x - begun}z")
                begun = None
    return found

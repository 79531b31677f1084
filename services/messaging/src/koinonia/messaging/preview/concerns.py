"""Warnings of a preview, in sentences for staff."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from koinonia.carriers import segments
from koinonia.messaging.composing import foreign_fields, text_checks
from koinonia.messaging.errors import AddressNotVerified, NoActiveNumber
from koinonia.messaging.messages.drafts import Draft
from koinonia.messaging.preview.allowance import Allowance
from koinonia.messaging.preview.audience_count import Count
from koinonia.messaging.preview.schemas import Concern, ConcernCode


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The same text in letters that travel cheaper, and what it would cost all together."""

    content: str
    parts: int


def find(
    draft: Draft,
    count: Count,
    *,
    allowance: Allowance | None,
    rewrite: Rewrite | None,
    is_verified: bool,
    has_number: bool,
    now: datetime,
) -> list[Concern]:
    """All warnings, the gravest first: those for which sending would be refused or declined."""
    return [
        *_standing(is_verified=is_verified, has_number=has_number),
        *_reach(count),
        *_money(count, allowance, now),
        *_words(draft, count, rewrite),
    ]


def _standing(*, is_verified: bool, has_number: bool) -> Iterator[Concern]:
    if not is_verified:
        yield _concern(ConcernCode.ADDRESS_NOT_VERIFIED, AddressNotVerified.message)
    if not has_number:
        yield _concern(ConcernCode.NO_ACTIVE_NUMBER, NoActiveNumber.message)


def _reach(count: Count) -> Iterator[Concern]:
    if not count.phones:
        yield _concern(
            ConcernCode.NOBODY_REACHED, "Nobody would get this text. Choose another target."
        )
    phones, longest = count.measured.too_long
    if longest:
        yield _concern(
            ConcernCode.TOO_LONG,
            f"{_texts(phones)} would have more than {segments.MAX_PARTS} parts or "
            f"{segments.MAX_CHARACTERS:,} characters, and sending would be refused. Shorten it.",
            {"phones": phones, "parts": longest.parts},
        )


def _money(count: Count, allowance: Allowance | None, now: datetime) -> Iterator[Concern]:
    if allowance is None or allowance.part_price is None:
        yield _concern(
            ConcernCode.PRICE_UNKNOWN,
            "The price is not known yet. Ask again in a moment; billing decides.",
        )
    if allowance is None:
        return
    left = allowance.left(now)
    if allowance.is_over(now):
        yield _concern(
            ConcernCode.PLAN_ENDED, "Your plan has ended, so billing would decline this message."
        )
    elif count.parts > left:
        yield _concern(
            ConcernCode.OVER_ALLOWANCE,
            f"This message needs {count.parts:,} parts and {left:,} are left of your plan, so "
            "billing would decline it. Shorten it, choose fewer people, or upgrade.",
            {"parts": count.parts, "left": left},
        )


def _words(draft: Draft, count: Count, rewrite: Rewrite | None) -> Iterator[Concern]:
    if links := text_checks.short_links(draft.content):
        yield _concern(
            ConcernCode.SHORT_LINK,
            f"Mobile networks often block texts with links of {', '.join(links)}. Write the full "
            "address of your own site.",
            {"domains": links},
        )
    if foreign := foreign_fields.find(draft.content):
        yield _concern(
            ConcernCode.FOREIGN_PLACEHOLDER, _foreign(foreign), {"placeholders": foreign}
        )
    if count.strangers:
        whose = "1 person has" if count.strangers == 1 else f"{count.strangers:,} phones have"
        yield _concern(
            ConcernCode.NO_OPT_OUT_WORDING,
            f"{whose} never had a text of yours. A first text must say how to get no more: add "
            "“Reply STOP to opt out”.",
            {"phones": count.strangers},
        )
    if without := _without(draft, count):
        names = ", ".join(without)
        yield _concern(
            ConcernCode.FALLBACK_USED,
            f"{max(without.values()):,} of these texts use a fallback, because nobody of that "
            f"phone has a value for {names}.",
            {"phones": without},
        )
    if rewrite:
        saved = count.parts - rewrite.parts
        yield _concern(
            ConcernCode.COSTLY_CHARACTERS,
            f"Unusual characters make this text dearer: in plain letters it would take "
            f"{rewrite.parts:,} parts in the place of {count.parts:,}.",
            {"content": rewrite.content, "parts": rewrite.parts, "saved": saved},
        )


def _foreign(placeholders: Mapping[str, str | None]) -> str:
    mended = [f"{right} for {written}" for written, right in placeholders.items() if right]
    unknown = [written for written, right in placeholders.items() if not right]
    sentences = ["Placeholders of another program would be sent as they are."]
    if mended:
        sentences.append(f"Write {', '.join(mended)}.")
    if unknown:
        sentences.append(
            f"Write {', '.join(unknown)} like {{{{firstName}}}}, with the key of a field of yours."
        )
    return " ".join(sentences)


def _without(draft: Draft, count: Count) -> dict[str, int]:
    """Texts that use a fallback, by field."""
    fillings = count.measured.fillings
    found = dict.fromkeys(draft.template.fields, 0)
    for values, phones in zip(fillings.values, fillings.phones, strict=True):
        for name, value in zip(draft.template.fields, values, strict=True):
            if not value:
                found[name] += phones
    return {name: phones for name, phones in found.items() if phones}


def _texts(phones: int) -> str:
    return "1 text" if phones == 1 else f"{phones:,} texts"


def _concern(
    code: ConcernCode, message: str, details: Mapping[str, object] | None = None
) -> Concern:
    return Concern(code=code, message=message, details=dict(details or {}))

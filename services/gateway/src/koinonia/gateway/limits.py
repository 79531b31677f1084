"""How often whom: which limits a request counts against."""

from koinonia.common.identity import SessionEnded
from koinonia.gateway.addresses import bucket
from koinonia.gateway.calls import Call
from koinonia.gateway.errors import RateLimited
from koinonia.gateway.routes import Kind
from koinonia.gateway.sessions import Session
from koinonia.gateway.settings import Settings
from koinonia.gateway.throttle import Count, Throttle

FAILED_VERIFICATION = (400, 401, 403)
WINDOWS = 2  # for so many of them a count has a say


async def admit(
    call: Call, kind: Kind, session: Session | None, throttle: Throttle, settings: Settings
) -> None:
    """Let the request pass; raise ``RateLimited``, or ``SessionEnded`` for one that was ended."""
    session_id = session.identity.session_id if session else None
    if kind is Kind.WEBHOOK and not throttle.failed_lately.has(_webhook(call)):
        return  # of a report's cost here, asking Redis was a fifth
    verdict = await throttle.ask(_counts(call, kind, session, settings), session_id)
    if refused := verdict.refused:
        raise RateLimited(refused.limit.amount, refused.limit.get_expiry(), verdict.seconds)
    if verdict.ended and kind is Kind.SESSION:
        raise SessionEnded


async def note(call: Call, kind: Kind, status: int, throttle: Throttle, settings: Settings) -> None:
    """Count a webhook call that its service refused. Genuine ones are not counted: a carrier
    sends thousands a minute from one address. From then on this gateway asks what all gateways
    have counted of that address."""
    if kind is Kind.WEBHOOK and status in FAILED_VERIFICATION:
        failure = _webhook_failures(call, settings, cost=1)
        throttle.failed_lately.add(failure.key, WINDOWS * failure.limit.get_expiry())
        await throttle.ask([failure])


def _counts(call: Call, kind: Kind, session: Session | None, settings: Settings) -> list[Count]:
    if kind is Kind.WEBHOOK:
        return [_webhook_failures(call, settings, cost=0)]
    address = bucket(call.address)
    counts = [Count(f"address:{address}", settings.limit_address)]
    if kind is Kind.SIGN_IN and not call.is_safe:  # an <img> elsewhere must not use it up
        counts.append(Count(f"sign-in:{address}", settings.limit_sign_in))
    if kind is Kind.REFRESH:
        counts.append(Count(f"refresh:{address}", settings.limit_refresh))
    if session:
        counts.append(Count(f"admin:{session.identity.admin_id}", settings.limit_admin))
    return counts


def _webhook_failures(call: Call, settings: Settings, cost: int) -> Count:
    return Count(_webhook(call), settings.limit_webhook_failures, cost)


def _webhook(call: Call) -> str:
    return f"webhook:{bucket(call.address)}"

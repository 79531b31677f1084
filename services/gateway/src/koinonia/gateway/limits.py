"""The limits that a request counts against."""

from koinonia.common.identity import Identity, SessionEnded, TokenExpired
from koinonia.common.web.addresses import bucket, network
from koinonia.gateway.calls import Call
from koinonia.gateway.endings import Endings
from koinonia.gateway.errors import RateLimited, SessionUnknown, SignInsUncounted
from koinonia.gateway.routes import Kind
from koinonia.gateway.sessions import Session
from koinonia.gateway.settings import Settings
from koinonia.gateway.throttle import UNCOUNTED, Count, Throttle, Verdict

FAILED_VERIFICATION = (400, 401, 403)
WINDOWS = 2  # a count matters for so many


async def admit(
    call: Call,
    kind: Kind,
    session: Session | None,
    throttle: Throttle,
    endings: Endings,
    settings: Settings,
    token_keys: tuple[str, ...] = (),
) -> Verdict:
    """Let the request pass, with the tokens of what it reads; raise ``RateLimited``,
    ``SessionEnded`` for one that was ended, and ``TokenExpired`` for a token that claims more than
    its admin may by now. Where Redis does not answer, work goes on by what this process knows, and
    nobody signs in."""
    identity = session.identity if session else None
    if kind is Kind.WEBHOOK:
        return UNCOUNTED  # a genuine one is never refused, and only the ingress can tell which are
    if kind is Kind.LINK and not throttle.recent_failures.has(_failures(call, settings).key):
        return UNCOUNTED
    verdict = await throttle.ask(_counts(call, kind, session, settings), identity, token_keys)
    if refused := verdict.refused:
        raise RateLimited(refused.limit.amount, refused.limit.get_expiry(), verdict.seconds)
    if kind.enters and not call.is_safe and not verdict.is_counted:
        raise SignInsUncounted
    if kind is Kind.SESSION and identity:
        _check_session(identity, verdict, endings)
    return verdict


def _check_session(identity: Identity, verdict: Verdict, endings: Endings) -> None:
    if verdict.ended:
        endings.add(identity.session_id)
    if endings.has(identity):
        raise SessionEnded
    role = verdict.role or endings.role(identity.admin_id)
    if role and not role.includes(identity.role):
        raise TokenExpired
    if not verdict.is_counted and not endings.is_complete:
        raise SessionUnknown


async def record_failure(
    call: Call, kind: Kind, status: int, throttle: Throttle, settings: Settings
) -> None:
    """Count a link that its service refused. Genuine ones are not counted: a carrier fetches the
    picture of a broadcast once for each text. From then on this gateway asks Redis how often that
    address failed at all gateways."""
    if kind is Kind.LINK and status in FAILED_VERIFICATION:
        failure = _failures(call, settings, cost=1)
        throttle.recent_failures.add(failure.key, WINDOWS * failure.limit.get_expiry())
        await throttle.ask([failure])


def _counts(call: Call, kind: Kind, session: Session | None, settings: Settings) -> list[Count]:
    if kind is Kind.LINK:
        return [_failures(call, settings)]
    address = bucket(call.address)
    counts = [Count(f"address:{address}", settings.limit_address)]
    if kind is Kind.SIGN_IN and not call.is_safe:  # an <img> elsewhere must not use it up
        counts.append(Count(f"sign-in:{address}", settings.limit_sign_in))
        if site := network(call.address):
            counts.append(Count(f"sign-in:{site}", settings.limit_sign_in_network))
    if kind is Kind.STEP and not call.is_safe:
        counts.append(Count(f"step:{address}", settings.limit_step))
    if kind is Kind.REFRESH:
        counts.append(Count(f"refresh:{address}", settings.limit_refresh))
    if session:
        counts.append(Count(f"admin:{session.identity.admin_id}", settings.limit_admin))
    return counts


def _failures(call: Call, settings: Settings, cost: int = 0) -> Count:
    # An old page may show many links that have expired: nobody is shut out for that.
    return Count(f"{Kind.LINK}:{bucket(call.address)}", settings.limit_address, cost)

"""Everything messaging reacts to, and what it does unasked."""

from koinonia.common import idempotency
from koinonia.common.bus import effect, on, on_batch, on_with_running
from koinonia.common.events.auth import (
    AdminJoined,
    AdminRemoved,
    ChurchRegistered,
    ChurchUpdated,
)
from koinonia.common.events.billing import (
    AllowanceUpdated,
    SpendApproved,
    SpendDeclined,
    SubscriptionUpdated,
)
from koinonia.common.events.conversation import MemberRequested, ReplyRequested
from koinonia.common.events.ingress import CarrierMessageReceived, CarrierStatusReported
from koinonia.common.events.messaging import (
    BatchReleased,
    MessageCompleted,
    NumberReleased,
    NumberRequested,
    ReplyReleased,
)
from koinonia.common.runtime import every
from koinonia.messaging.broadcasts import (
    deliveries,
    dispatch,
    looking,
    replies,
    spending,
    sweeping,
)
from koinonia.messaging.keywords import team, understanding
from koinonia.messaging.numbers import leaving, orders
from koinonia.messaging.people import churches, requesting
from koinonia.messaging.planning import agreements, allowance, facts
from koinonia.messaging.timing import firing, zones

SUBSCRIPTIONS = (
    on(ChurchRegistered, churches.note),
    on(ChurchUpdated, churches.note),
    on(AdminJoined, team.note),
    on(AdminRemoved, team.note),
    on_with_running(CarrierMessageReceived, understanding.note),
    on_with_running(MemberRequested, requesting.create),
    effect(NumberRequested, orders.place),
    effect(NumberReleased, leaving.tell_carrier),
    on_with_running(ReplyRequested, replies.create),
    on(SpendApproved, spending.start),
    on(SpendDeclined, spending.decline),
    on(SubscriptionUpdated, allowance.note),
    on(AllowanceUpdated, allowance.note),
    on(MessageCompleted, facts.greet),
    effect(BatchReleased, dispatch.send, concurrency=4, timeout=dispatch.TIMEOUT),
    effect(ReplyReleased, dispatch.send, concurrency=8, timeout=dispatch.TIMEOUT),
    on_batch(CarrierStatusReported, deliveries.record, size=200, within=0.2, concurrency=2),
)

LOOPS = (
    every(1.0, orders.check),
    every(1.0, dispatch.recover),
    every(5.0, deliveries.retry_parked),
    every(10.0, sweeping.sweep),
    every(10.0, looking.look),
    every(1.0, firing.fire),
    every(5.0, zones.fill),
    every(3600.0, idempotency.prune),
    every(3600.0, agreements.prune),
)

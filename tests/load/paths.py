"""The sending path, by subject: what of it is measured, and where."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from tests.load import (
    audience,
    congregation,
    door,
    fan_out,
    gateways,
    imports,
    inbound,
    inbox,
    ingress,
    lanes,
    live,
    previews,
    replies,
    reporting,
    scheduler,
    throughput,
    turns,
)
from tests.load.bare import Bare
from tests.load.congregation import Congregation
from tests.load.figures import Section
from tests.load.growth import churches, conversations, costs, people, streams, texts
from tests.load.growth.lines import Growth
from tests.load.system import Ground

from koinonia.devkit.system import System


@dataclass
class Place:
    """What a subject measures on. ``whole``: take the time to send all of the 100,000. ``stack``
    keeps what several subjects use."""

    ground: Ground
    system: System
    alone: Bare
    whole: bool
    stack: AsyncExitStack
    _crowd: Congregation | None = field(default=None, init=False)

    async def crowd(self) -> Congregation:
        """The church of 100,000, founded when it is first asked for."""
        if self._crowd is None:
            founded = congregation.founded(self.system, "Crowd", list(fan_out.ROUNDS))
            self._crowd = await self.stack.enter_async_context(founded)
        return self._crowd


@dataclass(frozen=True, slots=True)
class Path:
    doing: str
    measure: Callable[[Place], Awaitable[Sequence[Section | Growth]]]


async def _texts(place: Place) -> Sequence[Section]:
    return [await throughput.measure(place.system, place.alone)]


async def _reports(place: Place) -> Sequence[Section]:
    return [await reporting.measure(place.system)]


async def _ingress(place: Place) -> Sequence[Section]:
    return [await ingress.measure(place.ground, place.system, place.alone)]


async def _fan_out(place: Place) -> Sequence[Section]:
    return [await fan_out.measure(place.system, await place.crowd())]


async def _lanes(place: Place) -> Sequence[Section]:
    return await lanes.measure(place.system, await place.crowd(), whole=place.whole)


async def _preview(place: Place) -> Sequence[Section]:
    return [await previews.measure(place.system, await place.crowd())]


async def _audience(place: Place) -> Sequence[Section]:
    return [await audience.measure(place.system, await place.crowd())]


async def _turns(place: Place) -> Sequence[Section]:
    return [await turns.measure(place.system)]


async def _scheduler(place: Place) -> Sequence[Section]:
    return [await scheduler.measure(place.system)]


async def _live(place: Place) -> Sequence[Section]:
    return [await live.measure(place.ground, place.system)]


async def _inbound(place: Place) -> Sequence[Section]:
    return [await inbound.measure(place.ground, place.system)]


async def _replies(place: Place) -> Sequence[Section]:
    return [await replies.measure(place.ground, place.system)]


async def _door(place: Place) -> Sequence[Section]:
    return [await door.measure(place.ground, place.system)]


async def _gateways(place: Place) -> Sequence[Section]:
    return [await gateways.measure(place.ground, place.system)]


async def _inbox(place: Place) -> Sequence[Section]:
    return await inbox.measure(place.ground, place.system)


async def _imports(place: Place) -> Sequence[Section]:
    return [await imports.measure(place.system)]


async def _by_churches(place: Place) -> Sequence[Growth]:
    meter = await costs.meter(place.ground, place.system)
    grown, known = await churches.measure(meter)
    return [grown, await streams.measure(meter, known)]


async def _by_people(place: Place) -> Sequence[Growth]:
    return [await people.measure(await costs.meter(place.ground, place.system))]


async def _by_texts(place: Place) -> Sequence[Growth]:
    return [await texts.measure(await costs.meter(place.ground, place.system))]


async def _by_threads(place: Place) -> Sequence[Growth]:
    return [await conversations.measure(await costs.meter(place.ground, place.system))]


PATHS = {
    "texts": Path("Counting texts ...", _texts),
    "reports": Path("Counting reports ...", _reports),
    "ingress": Path("Posting reports ...", _ingress),
    "fan-out": Path("Placing messages ...", _fan_out),
    "preview": Path("Previews for 100,000 ...", _preview),
    "imports": Path("Importing 200,000 people ...", _imports),
    "audience": Path("Counting whom filters mean ...", _audience),
    "lanes": Path("Replying while 100,000 are texted ...", _lanes),
    "scheduler": Path("Firing 10,000 schedules ...", _scheduler),
    "live": Path("Showing texts to 1,000 pages ...", _live),
    "inbound": Path("Texting churches ...", _inbound),
    "replies": Path("Replying on an overloaded machine ...", _replies),
    "door": Path("Attacking the gateway ...", _door),
    "gateways": Path("Asking one gateway and two ...", _gateways),
    "inbox": Path("Filling an inbox with 1,000,000 messages ...", _inbox),
    "turns": Path("Letting ten churches text at once ...", _turns),
    "growth-churches": Path("Growing to 1,000 churches and as many streams ...", _by_churches),
    "growth-people": Path("Growing to 100,000 people ...", _by_people),
    "growth-texts": Path("Growing to 10,000 texts ...", _by_texts),
    "growth-threads": Path("Growing to 100,000 threads ...", _by_threads),
}

"""Ten, a hundred and a thousand open pages: what a text on ten of them costs the gateway, and how
much memory it takes."""

from collections.abc import Sequence

from tests.load import live, live_texts, processor
from tests.load.growth.churches import Known
from tests.load.growth.costs import Meter
from tests.load.growth.lines import PAGE, UNTIL, Growth, Line
from tests.load.live_pages import opened, request_of
from tests.load.live_texts import Church, pour

SIZES = (10, 100, 1_000)
PAGES = 10  # of a church
RATE = 100  # texts a second


async def measure(meter: Meter, known: Sequence[Known]) -> Growth:
    system = meter.system
    url = f"{system.gateway_url}/api/events"
    cost: dict[int, float] = {}
    until: dict[int, float] = {}
    memory: dict[int, float] = {}
    count = int(RATE * meter.ground.seconds)
    for size in SIZES:
        churches = [Church(each.id, each.token, "") for each in known[: size // PAGES]]
        pages = [request_of(url, each.token) for each in churches for _ in range(PAGES)]
        async with (
            opened(url, pages) as ledger,
            live_texts.published(system.environment, churches, 0) as texts,
        ):
            before = await processor.used(system)
            spread = await pour(ledger, texts, count, per_second=RATE, pages=PAGES)
            used = (await processor.used(system)).since(before)
            cost[size] = 1000 * used["gateway"] / count
            until[size] = spread.p50
            memory[size] = live.memory(system)
    lines = [
        Line(f"a text on {PAGES} pages", "ms of processor", cost, PAGE),
        Line(UNTIL, "ms", until, PAGE),
        Line("memory of the gateway", "MB", memory, PAGE),
    ]
    return Growth("By open streams", lines, ["Processor time is the gateway's."])

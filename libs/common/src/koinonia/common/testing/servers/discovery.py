"""The order of the search: by URL, where it was before, in a container, from a binary."""

import shutil
import sys
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

from koinonia.common.testing.servers import install, server
from koinonia.common.testing.servers.containers import Container, engine_answers
from koinonia.common.testing.servers.local import Local
from koinonia.common.testing.servers.postgres import Postgres
from koinonia.common.testing.servers.rabbitmq import RabbitMQ
from koinonia.common.testing.servers.redis import Redis

Kind = type[Local]
KINDS: tuple[Kind, ...] = (Postgres, RabbitMQ, Redis)


def start(
    kinds: Sequence[Kind], folder: Path, *, durable: bool, environ: Mapping[str, str]
) -> dict[str, server.Server]:
    """Find or start each, all at once; when one fails, none that this call started remains."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    chosen = {kind.name: one for kind in kinds if (one := _known(kind, folder, environ))}
    running = {name for name, one in chosen.items() if one.running()}
    try:
        reason = _contain(_absent(kinds, chosen), folder, chosen, durable=durable)
        install.require(_from_binaries(kinds, chosen), reason=reason)
        for kind in _absent(kinds, chosen):
            chosen[kind.name] = kind(folder / kind.name, durable=durable)
        _start_together(chosen.values(), running)
    except BaseException:
        _abandon(chosen.values(), running)
        raise
    return chosen


def saved(kind: Kind, folder: Path) -> server.Server | None:
    """What an earlier start left its state of."""
    place = folder / kind.name
    state = server.saved(place)
    if state is None:
        return None
    if state["how"] == server.Given.how:
        return server.Given(place, kind.name, state)
    if state["how"] == Container.how:
        return Container.saved(place, kind.name, state)
    return kind(place, durable=state["durable"], state=state)


def discard(folder: Path) -> None:
    """End what was started below ``folder``, by whichever process, and remove it with all data."""
    servers = [one for kind in KINDS if (one := saved(kind, folder))]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda one: one.discard(), servers))
    shutil.rmtree(folder, ignore_errors=True)


def _known(kind: Kind, folder: Path, environ: Mapping[str, str]) -> server.Server | None:
    before = saved(kind, folder)
    if url := environ.get(kind.setting):
        if isinstance(before, server.Started) and before.running():
            before.stop()
        given: server.State = {"setting": kind.setting, "url": url}
        return server.Given(folder / kind.name, kind.name, given)
    if isinstance(before, Local):
        return before.revived()
    return before if isinstance(before, server.Started) else None


def _absent(kinds: Sequence[Kind], chosen: Collection[str]) -> list[Kind]:
    return [kind for kind in kinds if kind.name not in chosen]


def _from_binaries(kinds: Sequence[Kind], chosen: Mapping[str, server.Server]) -> list[Kind]:
    return [kind for kind in kinds if isinstance(chosen.get(kind.name), Local | None)]


def _contain(
    kinds: Sequence[Kind], folder: Path, chosen: dict[str, server.Server], *, durable: bool
) -> str:
    """Create what Docker can, and say why it could not do more (no network for images, say)."""
    reasons = []
    for kind in kinds if kinds and engine_answers() else ():
        container = Container(folder / kind.name, kind.name, durable=durable)
        try:
            container.create()
        except Exception as error:  # the client raises whatever its transport raises
            reasons.append(f"Docker answers, but not with {kind.name}: {error}")
            print(reasons[-1], file=sys.stderr)  # noqa: T201 - a binary may hide this otherwise
        else:
            chosen[kind.name] = container
    return "\n".join(reasons)


def _start_together(servers: Collection[server.Server], running: Collection[str]) -> None:
    with ThreadPoolExecutor() as pool:
        starts = [pool.submit(one.start) for one in servers]
        try:
            done, _ = wait(starts, return_when=FIRST_EXCEPTION)
            for start_ in done:
                start_.result()
        except BaseException:
            _abandon(servers, running)  # or the threads of the others would go on waiting for them
            raise


def _abandon(servers: Collection[server.Server], running: Collection[str]) -> None:
    for one in servers:
        if isinstance(one, server.Started) and one.name not in running:
            one.stop() if one.durable else one.discard()

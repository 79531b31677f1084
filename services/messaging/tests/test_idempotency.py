"""Idempotency keys are forgotten after a week, those of all churches at once."""

from uuid import UUID

from koinonia.common import idempotency

from .stage import Stage


async def test_old_keys_are_forgotten_and_young_ones_kept(stage: Stage) -> None:
    await stage.members(1)
    for key in ("old", "young"):
        await stage.send(key=key)
    await stage.run(
        "UPDATE idempotency_keys SET created_at = now() - interval '8 days' WHERE key = 'old'"
    )

    await idempotency.prune(stage.running)

    kept = await stage.query("SELECT key FROM idempotency_keys")
    assert [row.key for row in kept] == ["young"]


async def test_a_church_sees_no_old_key_of_another(stage: Stage) -> None:
    await stage.members(1)
    await stage.send(key="old")
    await stage.run("UPDATE idempotency_keys SET created_at = now() - interval '8 days'")
    stranger = Stage(stage.running, UUID(int=1), stage.network, stage.sink)

    assert await stranger.query("SELECT key FROM idempotency_keys") == []
    assert len(await stage.query("SELECT key FROM idempotency_keys")) == 1

"""Behaviours with a name: knobs that differ from their defaults."""

from koinonia.devkit.carrier.state.behaviour import UnknownKnob

CALM: dict[str, float] = {"fail_share": 0.0}

# An ordinary bad day of a real carrier.
BUMPY: dict[str, float] = {
    "fail_share": 0.03,
    "unconfirmed_share": 0.01,
    "extra_part_share": 0.01,
    "error_share": 0.01,
    "throttle_share": 0.02,
    "html_share": 0.005,
    "reset_share": 0.005,
    "lost_answer_share": 0.005,
    "early_share": 0.05,
    "duplicate_share": 0.03,
    "echo_share": 0.01,
    "late_share": 0.05,
    "swap_share": 0.05,
    "drop_share": 0.002,
    "odd_cost_share": 0.05,
}

# Everything, often enough to meet in a broadcast to twenty.
HOSTILE: dict[str, float] = {
    "fail_share": 0.08,
    "strange_failure_share": 0.25,
    "stop_failure_share": 0.15,
    "unconfirmed_share": 0.05,
    "extra_part_share": 0.05,
    "recount_share": 0.08,
    "error_share": 0.03,
    "throttle_share": 0.03,
    "bare_throttle_share": 0.02,
    "html_share": 0.03,
    "reset_share": 0.02,
    "hang_share": 0.005,
    "strange_refusal_share": 0.01,
    "stop_refusal_share": 0.01,
    "lost_answer_share": 0.03,
    "lost_reset_share": 0.03,
    "lost_hang_share": 0.01,
    "early_share": 0.15,
    "duplicate_share": 0.15,
    "echo_share": 0.1,
    "late_share": 0.1,
    "swap_share": 0.2,
    "drop_share": 0.04,
    "odd_share": 0.15,
    "odd_cost_share": 0.2,
    "illegible_share": 0.03,
    "unknown_share": 0.05,
    "regress_share": 0.1,
    "false_failure_share": 0.05,
    "hasty_failure_share": 0.05,
}

PRESETS = {"calm": CALM, "bumpy": BUMPY, "hostile": HOSTILE}


def knobs(preset: str) -> dict[str, float]:
    """The knobs of a preset. Raises ``UnknownKnob``."""
    if preset not in PRESETS:
        raise UnknownKnob(f"There is no preset {preset}. There are: {', '.join(PRESETS)}.")
    return dict(PRESETS[preset])

"""The calls of ``docs/api.md``, made in their order as they stand there."""

import os
import re
import secrets
import subprocess

from tests.architecture.source import ROOT

from koinonia.devkit.system import System

SECONDS = 60
SAID = (
    '"kind":"message"',  # the first text is accepted
    "Cleo,unknown,Choir",  # a row is refused
    '"why":"first"',  # a preview knows its number
    '"member":{',  # a conversation is Ann's
)


def test_the_calls_of_the_page_for_integrators_do_what_it_says(system: System) -> None:
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "docs/api.md").read_text(), re.DOTALL)
    given = {"B": system.gateway_url, "EMAIL": f"page-{secrets.token_hex(4)}@example.org"}
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    for said in SAID:
        assert said in ended.stdout

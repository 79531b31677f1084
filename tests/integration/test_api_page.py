"""``docs/api.md`` begins with a text in five calls; here they are made as they stand there."""

import os
import re
import secrets
import subprocess

from tests.architecture.source import ROOT

from koinonia.devkit.system import System

SECONDS = 60


def test_the_first_text_of_the_page_for_integrators_is_accepted(system: System) -> None:
    [commands] = re.findall(r"```bash\n(.*?)```", (ROOT / "docs/api.md").read_text(), re.DOTALL)
    given = {"B": system.gateway_url, "EMAIL": f"page-{secrets.token_hex(4)}@example.org"}
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert '"kind":"message"' in ended.stdout

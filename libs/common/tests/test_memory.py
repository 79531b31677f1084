import gc
import importlib
import sys

import pytest

from koinonia.common import memory
from koinonia.devkit import status

MEGABYTE = 1024 * 1024


def test_an_ornament_is_hidden_from_who_imports_it_on_the_way_and_from_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "this_is_an_ornament", raising=False)
    with memory._hidden(("this_is_an_ornament", "json")):
        with pytest.raises(ImportError):
            importlib.import_module("this_is_an_ornament")
        assert importlib.import_module("json")  # who has it already keeps it
    assert "this_is_an_ornament" not in sys.modules


def test_large_blocks_go_back_to_the_system() -> None:
    memory.give_back()
    for _ in range(2):  # glibc would keep the second for the third
        block = bytearray(19 * MEGABYTE)
        block[::4096] = b"x" * len(block[::4096])
        del block
    gc.collect()
    before = status.memory("self")
    held = [bytearray(b"x" * 19 * MEGABYTE) for _ in range(4)]
    assert status.memory("self") > before + 70 * MEGABYTE
    del held
    assert status.memory("self") < before + 4 * MEGABYTE

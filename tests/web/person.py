"""Somebody at a browser: what they do and see, as sentences."""

import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any, Self

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect
from tests.integration.churches import PASSWORD, Church

LOOKS_FOR_MS = 15_000  # this machine may be busy
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=LOOKS_FOR_MS)


@dataclass(eq=False)
class Person:
    """One tab of a browser and who sits before it. ``problems`` are what no page of ours may do:
    break its policy, or fail without saying so."""

    page: Page
    email: str = ""
    password: str = PASSWORD
    problems: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    @classmethod
    async def at(cls, context: BrowserContext) -> Self:
        """A person with a new tab."""
        page = await context.new_page()
        page.set_default_timeout(LOOKS_FOR_MS)
        person = cls(page)
        page.on("console", person._hear)
        page.on("pageerror", lambda error: person.problems.append(f"Uncaught: {error}"))
        page.on("request", person._notice)
        return person

    async def opens_another_tab(self) -> Self:
        """The same person with a further tab."""
        other = await self.at(self.page.context)
        other.email, other.password = self.email, self.password
        return other

    # What they do

    async def opens(self, path: str) -> None:
        await self.page.goto(path, wait_until="domcontentloaded")

    async def is_signed_in_to(self, church: Church) -> None:
        """Sign in past the form: this is not what the test is about."""
        self.email = church.email
        await self._enters("login", {"email": self.email, "password": self.password})

    async def registers(self, church: str) -> None:
        """Fill in the form of a church that is new here."""
        self.email = f"{secrets.token_hex(6)}@example.org"
        await self.opens("/register")
        await self.writes("Name of the church", church)
        await self.writes("E-mail address", self.email)
        await self.writes("Password", self.password)
        await self.presses("Register")

    async def signs_in(self, password: str | None = None) -> None:
        await self.opens("/sign-in")
        await self.fills_in_the_door(password)

    async def fills_in_the_door(self, password: str | None = None) -> None:
        await self.writes("E-mail address", self.email)
        await self.writes("Password", password or self.password)
        await self.presses("Sign in")

    async def is_signed_out_elsewhere(self) -> None:
        """The session ends while the page is open, as when an owner ends it."""
        context = self.page.context
        kept = await context.cookies()
        token = await context.request.get("/api/csrf-token")
        headers = {"X-CSRF-Token": (await token.json())["csrfToken"]}
        answer = await context.request.post("/api/auth/logout", headers=headers)
        assert answer.ok, await answer.text()
        await context.add_cookies(kept)

    async def writes(self, label: str, text: str) -> None:
        await self.field(label).fill(text)

    async def presses(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).first.click()

    async def chooses(self, name: str) -> None:
        """One of a few that stand side by side."""
        await self.page.get_by_role("radio", name=name, exact=True).first.click()

    async def answers(self, text: str) -> None:
        """Write into the open conversation and send it."""
        await self.writes("Answer", text)
        await self.presses("Send")

    async def follows(self, name: str) -> None:
        await self.page.get_by_role("link", name=name).first.click()

    # What they see

    def field(self, label: str) -> Locator:
        pattern = re.compile(rf"^{re.escape(label)}\b")
        return (
            self.page.get_by_role("textbox", name=pattern)
            .or_(self.page.locator("input[type=password]").and_(self.page.get_by_label(pattern)))
            .first
        )

    async def sees(self, text: str) -> bool:
        return await self._is_there(self.page.get_by_text(text).first)

    async def sees_the_page(self, title: str) -> bool:
        return await self._is_there(self.page.get_by_role("heading", name=title, exact=True).first)

    async def reads(self, label: str) -> str:
        """What stands in a field."""
        return await self.field(label).input_value()

    async def is_asked_nothing_more(self) -> bool:
        """No dialog is open."""
        await expect(self.page.get_by_role("dialog")).to_have_count(0)
        return True

    def asked_for(self, path: str) -> int:
        """How often this tab asked for an address that begins so."""
        return sum(path in request.url for request in self.requests)

    async def run(self, script: str, argument: Any = None) -> Any:  # Any: what a script returns
        return await self.page.evaluate(script, argument)

    async def _is_there(self, what: Locator) -> bool:
        """Once it is; fails with what it looked for when it does not come."""
        await expect(what).to_be_visible()
        return True

    async def _enters(self, how: str, body: dict[str, str]) -> None:
        answer = await self.page.context.request.post(
            f"/api/auth/{how}", data=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        assert answer.ok, await answer.text()

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Trusted Type" in message.text:
            self.problems.append(message.text)

    def _notice(self, request: Request) -> None:
        self.requests.append(request)

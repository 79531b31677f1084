"""One call to Twilio's API: either the decoded body of a success, or a ``CarrierFailure``.

Texts and numbers belong to the account at ``api.twilio.com``, Messaging Services to
``messaging.twilio.com``. A simulated carrier is one host for both.
"""

import base64
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from koinonia.carriers import http
from koinonia.carriers.twilio import codes

Form = Iterable[tuple[str, str]]


class Api:
    """Paths are the account's, as ``/Messages.json``, or begin with ``/v1/``."""

    def __init__(self, client: http.Client, url: str, account_sid: str) -> None:
        self._client = client
        self._account = f"{url}/2010-04-01/Accounts/{account_sid}"
        self._messaging = messaging_url(url)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, account_sid: str, auth_token: str) -> AsyncIterator["Api"]:
        credentials = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        headers = {
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        async with http.Client.open(headers) as client:
            yield cls(client, url, account_sid)

    async def find(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, object]:
        return await self._call("GET", path, params=params)

    async def create(self, path: str, form: Form) -> dict[str, object]:
        """Nothing makes a repeated call harmless; the caller looks first what there is."""
        return await self._call("POST", path, body=urlencode(list(form)).encode())

    async def remove(self, path: str) -> None:
        """Twilio answers a removal with an empty body."""
        answer = await self._client.call("DELETE", self._address(path))
        if not answer.is_success:
            raise codes.refusal(answer)

    def _address(self, path: str) -> str:
        return (self._messaging if path.startswith("/v1/") else self._account) + path

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> dict[str, object]:
        answer = await self._client.call(method, self._address(path), params=params, body=body)
        if answer.is_success and isinstance(answer.body, dict):
            return answer.body
        raise codes.refusal(answer)


def messaging_url(url: str) -> str:
    """Where Messaging Services are, if texts and numbers are at ``url``."""
    return url.replace("://api.", "://messaging.", 1)

"""The public API as a church's staff uses it: everything here goes through the gateway."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import httpx

from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.errors import NotAsExpected
from koinonia.devkit.demo.stream import Stream
from koinonia.devkit.environment import write_secret

PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.2
NAME = "Grace Chapel"
AREA_CODE = "202"
NOT_KNOWN_YET = ("ADDRESS_NOT_VERIFIED", "SUBSCRIPTION_PENDING", "CARRIER_UNAVAILABLE")

T = TypeVar("T")


class Church:
    """A signed-in member of staff. ``account`` is kept in a file, so that a second demo is the
    same church; its refresh token saves a sign-in, of which only five are let in per quarter hour.
    """

    def __init__(self, gateway_url: str, kept: Path) -> None:
        self._http = httpx.Client(base_url=gateway_url, timeout=30, trust_env=False)
        self.gateway_url = gateway_url
        self.kept = kept
        self.email = ""
        self.password = ""
        self.timezone = ""
        self.is_new = False

    def enter(self) -> None:
        """Renew the session of the last demo, else sign in again, else register."""
        if self.kept.exists():
            account = json.loads(self.kept.read_text())
            self.email, self.password = account["email"], account["password"]
            answer = self._http.post(
                "/api/auth/refresh", json={"refreshToken": account["refreshToken"]}
            )
            if answer.status_code != 200:
                answer = self._http.post("/api/auth/login", json=self._credentials())
            if answer.status_code == 200:
                self._keep(answer.json())
                return
        self._register()

    def begin_anew(self) -> None:
        """Register another church of the same name: the trial of the present one is used up."""
        self._http.headers.pop("Authorization", None)
        self._register()

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **params: str | int) -> Json:
        return _expect(self._http.get(path, params=params), 200)

    def post(self, path: str, body: object, expected: int = 201) -> Json:
        return _expect(self._http.post(path, json=body), expected)

    def put(self, path: str, body: object) -> Json:
        return _expect(self._http.put(path, json=body), 200)

    def patch(self, path: str, body: object) -> Json:
        return _expect(self._http.patch(path, json=body), 200)

    def delete(self, path: str) -> None:
        _expect(self._http.delete(path), 204)

    def everything(self, path: str, **params: str | int) -> Iterator[Json]:
        """A whole list, page by page."""
        cursor: str | None = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = self.get(path, limit=100, **params, **more)
            yield from page["data"]
            if not page["hasMore"]:
                return
            cursor = page["nextCursor"]

    def stream(self) -> Stream:
        """What happens in the church from now on, for a ``with``."""
        return Stream(self.gateway_url, self._http.headers["Authorization"])

    def number(self) -> str:
        """The church's active number; ordered, if there is none yet."""
        if not self._numbers():
            until(self._is_number_ordered, "the order of a number to be taken")
        return until(self._active_number, "the number to become active")

    def total(self, path: str, **params: str | int) -> int:
        """How long a list is."""
        return int(self.get(path, page=1, limit=1, **params)["total"])

    def lay_out(self, branches: Mapping[str, tuple[str, ...]]) -> None:
        """Branches and their groups, as far as they do not exist."""
        known = {branch["name"]: branch["id"] for branch in self.everything("/api/branches")}
        groups = {(g["branchId"], g["name"]) for g in self.everything("/api/groups")}
        for branch, names in branches.items():
            if branch not in known:
                known[branch] = self.post("/api/branches", {"name": branch})["id"]
            for name in names:
                if (known[branch], name) not in groups:
                    self.post("/api/groups", {"name": name, "branchId": known[branch]})

    def send_file(self, path: str, name: str, content: str) -> Json:
        files = {"files": (name, content.encode())}
        return _expect(self._http.post(path, files=files), 201)

    def import_members(self, csv: str) -> Json:
        files = {"files": ("members.csv", csv.encode(), "text/csv")}
        return _expect(self._http.post("/api/members/import", files=files), 200)

    def send(self, message: Mapping[str, object], key: str) -> Json:
        """Accepted, 202; without a ``target`` to everybody. The same ``key`` is the same
        message."""
        body = {"target": {"type": "all"}, **message}
        headers = {"Idempotency-Key": key}
        return _expect(self._http.post("/api/messages/send", json=body, headers=headers), 202)

    def _register(self) -> None:
        mark = f"{time.time_ns() // 1_000_000:x}"
        self.email, self.password = f"pastor-{mark}@example.org", f"mustard-seed-{mark}"
        body = self._credentials() | {"churchName": NAME, "firstName": "Ruth", "lastName": "Meyer"}
        self._keep(self.post("/api/auth/register", body))
        self.is_new = True

    def _credentials(self) -> dict[str, object]:
        return {"email": self.email, "password": self.password, "tokens": True}

    def _keep(self, account: Json) -> None:
        self.timezone = account["church"]["timezone"]
        tokens = account["tokens"]
        self._http.headers["Authorization"] = f"Bearer {tokens['accessToken']}"
        text = json.dumps(self._credentials() | {"refreshToken": tokens["refreshToken"]})
        self.kept.unlink(missing_ok=True)
        write_secret(self.kept, text)

    def _is_number_ordered(self) -> bool:
        """False for the moment in which a new church is not known everywhere."""
        answer = self._http.post("/api/phone-numbers", json={"areaCode": AREA_CODE})
        if answer.status_code != 202 and answer.json()["error"]["code"] in NOT_KNOWN_YET:
            return False
        _expect(answer, 202)
        return True

    def _numbers(self) -> list[Json]:
        return list(self.everything("/api/phone-numbers"))

    def _active_number(self) -> str | None:
        return next((n["phoneNumber"] for n in self._numbers() if n["status"] == "active"), None)


class Colleague(Church):
    """One more member of staff, invited by the first one of them; kept likewise."""

    def __init__(self, host: Church, first_name: str) -> None:
        address = f"{first_name.lower()}-{host.email}"
        super().__init__(host.gateway_url, host.kept.with_name(f"demo-{address}.json"))
        self._host = host
        self._invited = {"email": address, "role": "staff", "firstName": first_name}

    def _register(self) -> None:
        self.email, self.password = self._invited["email"], self._host.password
        token = self._host.post("/api/auth/invitations", self._invited)["token"]
        given = {"token": token, "password": self.password, "tokens": True}
        self._keep(self.post("/api/auth/invitations/accept", given))


def until(look: Callable[[], T | None], what: str, within: float = PATIENCE_SECONDS) -> T:
    """The first answer that is something; NotAsExpected when there is none in time."""
    deadline = time.monotonic() + within
    while not (found := look()):
        if time.monotonic() > deadline:
            raise NotAsExpected(f"Waited {within:.0f} s for {what}, in vain.")
        time.sleep(POLL_SECONDS)
    return found


def _expect(answer: httpx.Response, status: int) -> Json:
    if answer.status_code != status:
        asked = f"{answer.request.method} {answer.request.url.path}"
        raise NotAsExpected(f"{asked} answered {answer.status_code}: {answer.text[:500]}")
    return answer.json() if answer.content else None

"""The good client with eight threads that share its tokens: one of them refreshes, and the others use what it got."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock, local
from typing import Any

import requests

sys.path.insert(0, str(Path(__file__).parents[2]))
from selftests.check.good_client import API, COMPANY, Client

THREADS = 8


class Parallel(Client):
    """A session for each thread, and one lock for the tokens."""

    def __init__(self) -> None:
        self.lock, self.mine, self.over = Lock(), local(), False
        super().__init__()

    @property
    def session(self) -> requests.Session:
        if not hasattr(self.mine, "session"):
            self.mine.session = requests.Session()
            self.mine.session.hooks["response"].append(self.note)
        return self.mine.session  # type: ignore[no-any-return]

    @session.setter
    def session(self, _: requests.Session) -> None:
        """Each thread makes its own."""

    def note(self, answer: requests.Response, **_: Any) -> None:
        """Remember which token this thread was refused with."""
        self.mine.used = (answer.request.headers.get("Authorization") or "").removeprefix("Bearer ")

    def get(self, url: str, **query: str) -> requests.Response:
        """Nothing is sent with a token of which another thread has heard that it is dead, and that no other comes."""
        with self.lock:
            if self.over:
                sys.exit("authorize again, as another thread was told")
        return super().get(url, **query)

    def renew(self) -> None:
        """Only if no other thread has done it since."""
        before = getattr(self.mine, "used", "")
        with self.lock:
            if self.over:
                sys.exit("authorize again, as another thread was told")
            if not self.access or self.access == before:
                self.over = True
                super().renew()
                self.over = False


def page(client: Client, number: int) -> requests.Response:
    """One page of the projects."""
    return client.get(f"{API}/rest/v1.1/projects", company_id=COMPANY, per_page="50", page=str(number))


if __name__ == "__main__":
    client = Parallel()
    client.renew()
    with ThreadPoolExecutor(THREADS) as pool:
        asked = [pool.submit(client.get, f"{API}/rest/v1.0/me") for _ in range(THREADS // 2)]
        asked += [pool.submit(page, client, 1) for _ in range(THREADS // 2)]
        total = int(asked[-1].result().headers["Total"])
        asked += [pool.submit(page, client, number) for number in range(2, -(-total // 50) + 1)]
        asked += [pool.submit(client.get, f"{API}/rest/v1.0/me") for _ in range(THREADS)]
        print(f"{len([one.result() for one in asked])} answers")

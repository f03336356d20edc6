"""What people do, step by step, over whatever carries requests: threads or Locust."""

import html
import http.client
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

COURSES = Path(__file__).resolve().parents[2] / "home/demo/courses"


@dataclass
class Answer:
    status: int
    url: str
    text: str


Send = Callable[[str, str, dict[str, object] | None, str], Answer]
"""method, path, form (its token is added), the kind of step; follows redirects."""


class WentWrong(Exception):
    """The site answered something that a person could not go on from."""


class Browser:
    """Cookies, redirects and nothing else, on one kept connection."""

    def __init__(self, address: str) -> None:
        self.cookies: dict[str, str] = {}
        self.move_to(address)

    def move_to(self, address: str) -> None:
        """The same visitor at another process of the same site."""
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)

    def send(self, method: str, path: str, form: dict | None, kind: str) -> Answer:
        for _redirect in range(6):
            status, location, text = self._once(method, path, form)
            if status not in (301, 302, 303):
                return Answer(status, path, text)
            method, form = "GET", None
            path = urlsplit(location)._replace(scheme="", netloc="").geturl()
        raise WentWrong(f"redirects without end at {path}")

    def _once(self, method: str, path: str, form: dict | None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if method == "POST":
            token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
            body = urlencode({**token, **(form or {})}, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return response.status, response.getheader("Location", ""), text


def checked(answer: Answer, kind: str) -> Answer:
    if answer.status != 200:
        raise WentWrong(f"{kind}: {answer.url} answered {answer.status}")
    return answer


def right_answers(slug: str) -> dict[str, list[str]]:
    """The right choices of each question, as the author typed them."""
    answers = {}
    for file in (COURSES / slug).glob("*.quiz.md"):
        for part in re.split(r"^## ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            stem, *lines = part.splitlines()
            answers[stem.strip()] = [line[2:].strip() for line in lines if line.startswith("* ")]
    return answers


def sign_in(send: Send, name: str, password: str) -> None:
    checked(send("GET", "/dang-nhap/", None, "sign-in page"), "sign-in page")
    answer = send("POST", "/dang-nhap/", {"login": name, "password": password}, "sign-in")
    if checked(answer, "sign-in").url.startswith("/dang-nhap"):
        raise WentWrong(f"{name} could not sign in")


def learn(send: Send, slug: str, rest: Callable[[], object] = lambda: None) -> Iterator[str]:
    """Enrol, read every lesson, answer the quiz rightly; yields what was acknowledged.

    A step is acknowledged when the page after it was answered with 200.
    """
    keys = right_answers(slug)
    page = checked(send("POST", f"/hoc-tap/{slug}/ghi-danh/", {}, "enrol"), "enrol")
    yield "enrol"
    for _step in range(60):
        rest()
        if "/ket-qua/" in page.url:
            yield "result"
            return
        page = yield from _next(send, page, slug, keys)
    raise WentWrong(f"no end in sight at {page.url}")


def _next(send: Send, page: Answer, slug: str, keys: dict[str, list[str]]) -> Iterator[str]:
    place = urlsplit(page.url).path
    if "/cau/" in place:
        page = send("POST", place, _choices(page.text, keys), "answer")
        yield "answer"
    elif place.endswith("/nop-bai/"):
        page = send("POST", place, {}, "hand in")
        yield "hand in"
    elif found := re.search(r'action="([^"]+/(xong|lam-bai)/)"', page.text):
        kind = {"xong": "finish lesson", "lam-bai": "start quiz"}[found[2]]
        page = send("POST", found[1], {}, kind)
        checked(page, kind)
        if found[2] == "xong":
            yield f"tick {found[1].split('/')[-3]}"
    else:
        raise WentWrong(f"nothing to press at {page.url}")
    return checked(page, "step")


def _choices(text: str, keys: dict[str, list[str]]) -> dict[str, object]:
    stem = html.unescape(re.search(r"<legend><h1>(.*?)</h1>", text, re.S)[1]).strip()
    values = []
    for tag, label in re.findall(
        r'<label class="choice"[^>]*>\s*(<input[^>]*>)\s*<span>(.*?)</span>', text, re.S
    ):
        if html.unescape(label).strip() in keys[stem]:
            values.append(re.search(r'value="([^"]*)"', tag)[1])
    return {"answer": values}


def timed(send: Send, spent: dict[str, list[float]]) -> Send:
    """The same, noting how long each kind of step took."""

    def noting(method: str, path: str, form: dict | None, kind: str) -> Answer:
        begun = time.perf_counter()
        answer = send(method, path, form, kind)
        spent.setdefault(kind, []).append(time.perf_counter() - begun)
        return answer

    return noting

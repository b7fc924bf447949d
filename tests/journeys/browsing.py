"""A browser without JavaScript: pages, their links and their forms, as the server wrote them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.test import Client


@dataclass
class Form:
    """A form with the values that it would send, the names of all its fields, and what its buttons say."""

    action: str
    method: str
    values: dict[str, Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    options: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    text: str = ""


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.text = ""
        self._form: Form | None = None
        self._select = self._area = self._option = ""
        self._href = ""
        self._labels: dict[str, str] = {}
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag in ("script", "style"):
            self._hidden += 1
        if tag == "a" and "href" in given:
            self._href = given["href"]
            self.links.append((self._href, ""))
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").upper())
            self.forms.append(self._form)
        form = self._form
        if form is None:
            return
        if tag == "input" and name:
            self._input(form, name, given)
        if tag == "button" and name and given.get("type", "submit") == "submit":
            form.names.add(name)
        if tag == "select" and name:
            self._select = name
            form.names.add(name)
            form.options[name] = []
        if tag == "option" and self._select:
            self._option = given.get("value", "")
            form.options[self._select].append((self._option, ""))
            if "selected" in given or self._select not in form.values:
                form.values[self._select] = self._option
        if tag == "textarea" and name:
            self._area = name
            form.names.add(name)
            form.values[name] = ""

    @staticmethod
    def _input(form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        form.names.add(name)
        if kind in ("radio", "checkbox"):
            form.options.setdefault(name, []).append((given.get("value", "on"), ""))
            if "checked" in given:
                form.values[name] = given.get("value", "on")
        elif kind not in ("submit", "file"):
            form.values[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("a", "b", "em", "kbd", "span"):
            self.text += " "
        if tag in ("script", "style"):
            self._hidden -= 1
        if tag == "form":
            self._form = None
        if tag == "a":
            self._href = ""
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.text += data
        if self._href:
            href, text = self.links[-1]
            self.links[-1] = (href, " ".join(f"{text} {data}".split()))
        if self._form is None:
            return
        self._form.text = " ".join(f"{self._form.text} {data}".split())
        if self._area:
            self._form.values[self._area] += data
        for name, found in self._form.options.items():
            if found and (name == self._select or not self._select):
                value, text = found[-1]
                found[-1] = (value, " ".join(f"{text} {data}".split()))


class Browser:
    """Follows links and sends forms, as somebody would whose scripts don't run."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.path = "/"
        self.status = 0
        self.page = _Parser()

    def go(self, path: str) -> "Browser":
        """Opens an address and follows where it leads."""
        return self._take(self.client.get(path, follow=True))

    def _take(self, response: Any) -> "Browser":
        self.path = response.request["PATH_INFO"]
        self.status = response.status_code
        self.page = _Parser()
        if response.get("Content-Type", "").startswith("text/html"):
            self.page.feed(response.content.decode())
        return self

    @property
    def text(self) -> str:
        """What the page says, in one line."""
        return " ".join(self.page.text.split())

    def link(self, text: str) -> str:
        """The address behind a link that says this."""
        found = [href for href, said in self.page.links if text in said]
        assert found, (text, self.page.links)
        return urljoin(self.path, found[0])

    def follow(self, text: str) -> "Browser":
        return self.go(self.link(text))

    def form(self, *names: str, action: str = "") -> Form:
        """The first form that has these fields and leads there."""
        for each in self.page.forms:
            if set(names) <= each.names and action in urljoin(self.path, each.action):
                return each
        raise AssertionError((names, action, [(f.action, sorted(f.names)) for f in self.page.forms]))

    def send(self, form: Form, **values: Any) -> "Browser":
        """Sends a form with its own values and these (`__` in a name stands for `-`)."""
        sent = {**form.values, **{name.replace("__", "-"): value for name, value in values.items()}}
        target = urljoin(self.path, form.action)
        if form.method == "POST":
            return self._take(self.client.post(target, sent, follow=True))
        return self._take(self.client.get(target, sent, follow=True))

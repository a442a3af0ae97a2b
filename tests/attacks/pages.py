"""Forms as an attacker reads them out of a page: every control with its name, kind and offered values."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Control:
    """One named control. `offered` are the values of its options, boxes or radio buttons; `value` what it sends."""

    name: str
    kind: str
    value: str = ""
    offered: list[str] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        return self.kind in {"text", "textarea", "tel", "email", "search", "password", "url", "number"}


@dataclass
class Form:
    """One form of a page. `action` is "" where the form posts to its own page."""

    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)

    @property
    def texts(self) -> list[Control]:
        return [control for control in self.controls.values() if control.is_text]

    @property
    def shape(self) -> frozenset[str]:
        """The names of the controls: two forms of the same shape and action are one target."""
        return frozenset(self.controls)

    def sent(self) -> dict[str, str | list[str]]:
        """What a browser would send if nothing were touched, the token left out."""
        kept = (each for each in self.controls.values() if each.name != "csrf_token" and each.kind != "submit")
        return {each.name: each.value for each in kept if each.value or each.is_text or each.kind == "hidden"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._inside: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag in {"input", "select", "textarea", "button"} and self._form is not None and given.get("name"):
            self._control(tag, given)
        elif tag == "option" and self._inside is not None:
            self._offer(self._inside, given.get("value", ""), chosen="selected" in given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag in {"select", "textarea"} and self._inside is not None:
            self._finish(self._inside)
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside is not None and self._inside.kind == "textarea":
            self._inside.value += data

    @staticmethod
    def _finish(control: Control) -> None:
        if control.kind == "textarea":  # browsers drop the line break that stands first
            control.value = control.value.replace("\r\n", "\n").removeprefix("\n")
        elif not control.value and control.offered:
            control.value = control.offered[0]

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        kind = {"select": "select", "textarea": "textarea", "button": "submit"}.get(tag, given.get("type", "text"))
        control = self._form.controls.setdefault(given["name"], Control(given["name"], kind))
        if tag in {"select", "textarea"}:
            self._inside = control
        elif kind in {"radio", "checkbox", "submit"}:
            self._offer(control, given.get("value", "on"), chosen="checked" in given)
        else:
            control.value = given.get("value", "")

    @staticmethod
    def _offer(control: Control, value: str, *, chosen: bool) -> None:
        control.offered.append(value)
        if chosen:
            control.value = value


def forms_of(html: str) -> list[Form]:
    """All forms of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms

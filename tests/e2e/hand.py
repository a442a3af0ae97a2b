"""A hand on the page that counts what it does: taps, and fields filled in.

The tap into the note counts, its text does not.
"""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page


class Hand:
    """One person at one page. `inputs` is what `docs/inputs.md` counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.inputs = 0

    def tap(self, target: Locator) -> None:
        """One tap or click."""
        self.inputs += 1
        target.click()

    def press(self, role: str, name: str) -> None:
        """Tap the link or button with exactly this name in the page itself."""
        self.tap(self.page.locator("main").get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]

    def chip(self, group: str, text: str) -> None:
        """Tap one chip of the group whose title begins so."""
        title = re.compile(rf"^{re.escape(group)}(\W|$)")
        self.tap(self.page.get_by_role("group", name=title).get_by_label(text, exact=True).first)

    def type(self, field: str, text: str) -> None:
        """Fill in one field, named by its id."""
        self.inputs += 1
        self.page.locator(f"#{field}").fill(text)

    def choose(self, field: str, label: str) -> None:
        """Choose in one list, named by its id."""
        self.inputs += 1
        self.page.locator(f"#{field}").select_option(label=label)

    def write_note(self, text: str) -> None:
        """Tap into the note and write."""
        self.inputs += 1
        self.page.locator("#note").fill(text)

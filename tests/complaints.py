"""What the browser complains about: console errors, script errors, broken policies."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


class Complaints(list[str]):
    """What the browser complained about during a test: console errors, script errors, broken policies."""

    def __init__(self) -> None:
        super().__init__()
        self.expected: list[str] = []

    def expect(self, part: str) -> None:
        """Allow complaints that contain `part`, for a test that provokes them."""
        self.expected.append(part)

    def unexpected(self) -> list[str]:
        return [text for text in self if not any(part in text for part in self.expected)]

    def watch(self, context: "BrowserContext") -> None:
        """Listen to every page of a browser context."""
        context.on("console", lambda message: self._note(message) if message.type == "error" else None)
        context.on("weberror", lambda error: self.append(f"script error: {error.error}"))

    def _note(self, message) -> None:
        self.append(f"{message.text} ({message.location.get('url', '')})")

"""How someone uses a page: with a mouse, or with the keyboard alone."""

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 90

# Who has the focus: what it is, what it is called, and whether one sees that it has it.
_FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const style = getComputedStyle(it), box = it.getBoundingClientRect();
  const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {
    html: it.outerHTML.slice(0, 120),
    seen: outline && inside && box.width > 0 && box.height > 0,
  };
}"""


class Hands(Protocol):
    """What both can do."""

    page: Page

    def press(self, name: str) -> None:
        """Press a button, or follow a link, and wait for the page it leads to."""

    def choose(self, question: str, answer: str) -> None:
        """Choose one of the answers of a question."""

    def type(self, label: str, text: str) -> None:
        """Type into a field."""

    def tick(self, label: str) -> None:
        """Tick a box, by a part of what it says."""

    def pick(self, label: str, answer: str) -> None:
        """Pick one of a list that folds open."""


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str) -> None:
        target(self.page, name).click()
        self.page.wait_for_load_state()

    def choose(self, question: str, answer: str) -> None:
        radio(self.page, question, answer).check()

    def type(self, label: str, text: str) -> None:
        field(self.page, label).fill(text)

    def tick(self, label: str) -> None:
        self.page.get_by_label(label).check()

    def pick(self, label: str, answer: str) -> None:
        field(self.page, label).select_option(label=answer)


class Keyboard:
    """Tab, arrows, space and Enter, and nothing else; sees at every stop where she is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str) -> None:
        self._go_to(target(self.page, name))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, question: str, answer: str) -> None:
        wanted = radio(self.page, question, answer)
        group = self.page.get_by_role("group", name=question)
        self._go_to(group.get_by_role("radio"))
        self.page.keyboard.press("Space")
        for _ in range(group.get_by_role("radio").count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert wanted.is_checked(), f"{question}: the arrows do not reach {answer}"

    def type(self, label: str, text: str) -> None:
        self._go_to(field(self.page, label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick(self, label: str) -> None:
        box = self.page.get_by_label(label)
        self._go_to(box)
        self.page.keyboard.press("Space")
        assert box.is_checked(), label

    def pick(self, label: str, answer: str) -> None:
        wanted = field(self.page, label)
        self._go_to(wanted)
        self.page.keyboard.type(answer)
        chosen = wanted.locator("option:checked").inner_text()
        assert chosen == answer, f"{label}: the letters of {answer} lead to {chosen}"

    def _go_to(self, wanted: Locator) -> None:
        """Tab until one of these has the focus; each stop on the way is in sight."""
        assert wanted.count() > 0, "it is not on this page"
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(_FOCUSED)
            if at is None:
                continue
            assert at["seen"], f"nobody sees where the focus is: {at['html']}"
            if wanted.evaluate_all("all => all.includes(document.activeElement)"):
                return
        raise AssertionError("the keyboard does not come there")


def target(page: Page, name: str) -> Locator:
    """A button or a link by its name, in what the page itself says."""
    main = page.get_by_role("main")
    return main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first


def radio(page: Page, question: str, answer: str) -> Locator:
    group = page.get_by_role("group", name=question)
    return group.get_by_role("radio", name=answer, exact=True)


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)

"""What came from outside and cannot be used: one sentence says why, in Dutch and in English."""

from typing import Literal

Lang = Literal["nl", "en"]


class Unusable(ValueError):
    """What came from outside cannot be used; the sentence quotes no personal value."""

    def __init__(self, *, nl: str, en: str) -> None:
        super().__init__(en)
        self.nl = nl
        self.en = en

    def sentence(self, lang: Lang) -> str:
        """Return the sentence in a language."""
        return self.nl if lang == "nl" else self.en

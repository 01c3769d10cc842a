"""The settings as the environment gives them."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from loopbaan.live import settings as ours

HEADER = {"HTTP_X_FORWARDED_PROTO": "https"}


def _with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **environ: str) -> dict[str, Any]:
    monkeypatch.setenv("LOOPBAAN_STATE", str(tmp_path))
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(Path(ours.__file__)))


@pytest.mark.parametrize("said", ["", "0", "true"])
def test_a_header_of_a_proxy_is_believed_only_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any, said: str
) -> None:
    without = _with(monkeypatch, tmp_path, LOOPBAAN_PROXY=said)
    assert "SECURE_PROXY_SSL_HEADER" not in without
    assert not RequestFactory().get("/", **HEADER).is_secure()
    behind = _with(monkeypatch, tmp_path, LOOPBAAN_PROXY="1")
    settings.SECURE_PROXY_SSL_HEADER = behind["SECURE_PROXY_SSL_HEADER"]
    assert RequestFactory().get("/", **HEADER).is_secure()
    assert not RequestFactory().get("/").is_secure()


def test_every_setting_of_the_environment_is_told_at_the_top() -> None:
    text = Path(ours.__file__).read_text("utf-8")
    top, code = text.split('"""', 2)[1:]
    asked = set(re.findall(r"LOOPBAAN_\w+", code))
    assert asked
    assert asked - set(re.findall(r"LOOPBAAN_\w+", top)) == set()

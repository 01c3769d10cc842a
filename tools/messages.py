"""The English words of the pages: gathers what is to be translated, and compiles the catalogue.

    python tools/messages.py          gather the sentences of templates and code into the .po file
    python tools/messages.py --check  say what lacks a translation, and whether the .mo is the .po

The sources are Dutch, so there is one catalogue: English. Nothing of gettext need be installed.
"""

import ast
import re
import struct
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

PACKAGE = Path(__file__).parents[1] / "loopbaan"
CATALOGUE = PACKAGE / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
WORDS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
CALLS = WORDS | {"Refused", "AlreadyRead", "OtherAct"}
HEADER = (
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Language: en\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)
_PLACE = re.compile(r"%\((\w+)\)s")
_MAGIC = 0x950412DE

Sentence = tuple[str, ...]  # one, or singular and plural
Catalogue = dict[Sentence, Sentence]


def main(arguments: Sequence[str]) -> int:
    """Gather, or check; returns 1 if a check finds something."""
    known, asked = read(CATALOGUE.read_text("utf-8")) if CATALOGUE.exists() else {}, gathered()
    if "--check" in arguments:
        wrong = faults(known, asked)
        print(*wrong, sep="\n")
        return 1 if wrong else 0
    catalogue = {each: known.get(each, ("",) * len(each)) for each in asked}
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(written(catalogue), "utf-8")
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(catalogue))
    print(
        f"{len(asked)} sentences, {sum(not all(each) for each in catalogue.values())} to translate"
    )
    return 0


def faults(known: Catalogue, asked: Sequence[Sentence]) -> list[str]:
    """Return what is wrong with the catalogue, a sentence for each."""
    found = [f"not translated: {each[0]}" for each in asked if not all(known.get(each, ("",)))]
    found += [f"no longer used: {each[0]}" for each in known if each not in asked]
    found += [
        f"other names in it: {each[0]}"
        for each, words in known.items()
        if {*_PLACE.findall("".join(each))} != {*_PLACE.findall("".join(words))}
    ]
    mo = CATALOGUE.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(known):
        found.append("the .mo is not the .po: run python tools/messages.py")
    return found


def gathered() -> list[Sentence]:
    """Return every sentence of the pages and every refusal, in the order of the files."""
    found: dict[Sentence, None] = {}
    for path in sorted(PACKAGE.glob("web/templates/**/*.html")):
        found |= dict.fromkeys(_of_template(path.read_text("utf-8")))
    for path in sorted([*PACKAGE.glob("web/**/*.py"), *PACKAGE.glob("live/**/*.py")]):
        found |= dict.fromkeys(_of_code(path.read_text("utf-8")))
    return list(found)


def _of_template(text: str) -> Iterator[Sentence]:
    parts: list[str] | None = None
    for token in Lexer(text).tokenize():
        words = token.contents.split(maxsplit=1)
        if token.token_type == TokenType.BLOCK and words[0] == "translate":
            yield (next(iter(smart_split(words[1])))[1:-1].replace("%", "%%"),)
        elif token.token_type == TokenType.BLOCK and words[0] == "blocktranslate":
            assert "trimmed" in words[1:][0], f"a blocktranslate that is not trimmed: {words}"
            parts = [""]
        elif token.token_type == TokenType.BLOCK and words[0] == "plural" and parts is not None:
            parts.append("")
        elif token.token_type == TokenType.BLOCK and words[0] == "endblocktranslate":
            assert parts is not None
            yield tuple(trim_whitespace(each) for each in parts)
            parts = None
        elif parts is not None and token.token_type == TokenType.VAR:
            parts[-1] += f"%({token.contents})s"
        elif parts is not None:
            parts[-1] += token.contents.replace("%", "%%")


def _of_code(text: str) -> Iterator[Sentence]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS and node.args:
            count = 2 if ast.unparse(node.func) == "ngettext" else 1
            texts = [each.value for each in node.args[:count] if isinstance(each, ast.Constant)]
            if len(texts) == count and all(isinstance(each, str) for each in texts):
                yield tuple(str(each) for each in texts)


def read(text: str) -> Catalogue:
    """Read a .po file of ours: msgid, msgid_plural, msgstr and their strings."""
    catalogue: Catalogue = {}
    for block in text.split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            word, _, rest = line.partition(" ")
            if word.startswith("msg"):
                name = word
                fields[name] = ast.literal_eval(rest)
            elif line.startswith('"'):
                fields[name] += ast.literal_eval(line)
        if fields.get("msgid"):
            key = tuple(fields[each] for each in ("msgid", "msgid_plural") if each in fields)
            catalogue[key] = tuple(fields[each] for each in fields if each.startswith("msgstr"))
    return catalogue


def written(catalogue: Catalogue) -> str:
    """Write a .po file."""
    blocks = [f"msgid {_quoted('')}\nmsgstr {_quoted(HEADER)}"]
    for key, words in catalogue.items():
        lines = [f"msgid {_quoted(key[0])}"]
        if len(key) == 1:
            lines.append(f"msgstr {_quoted(words[0])}")
        else:
            lines.append(f"msgid_plural {_quoted(key[1])}")
            lines += [f"msgstr[{i}] {_quoted(each)}" for i, each in enumerate(words)]
        if any("%(" in each for each in key):
            lines.insert(0, "#, python-format")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def compiled(catalogue: Catalogue) -> bytes:
    """Return the .mo file: what has a translation, sorted, without a hash table."""
    pairs = [(b"", HEADER.encode())]
    pairs += [
        ("\0".join(key).encode(), "\0".join(words).encode())
        for key, words in catalogue.items()
        if all(words)
    ]
    pairs.sort()
    start = 28 + 16 * len(pairs)
    tables: list[bytes] = []
    texts = b""
    for column in zip(*pairs, strict=True):
        for each in column:
            tables.append(struct.pack("<2I", len(each), start + len(texts)))
            texts += each + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + b"".join(tables) + texts


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

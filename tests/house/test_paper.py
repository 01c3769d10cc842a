"""What a stranger reads first, and what no file may give away."""

import ast
import re
from pathlib import PurePath

import pytest
import yaml

from tests.house.files import ROOT, kept, python, settings, tree

# In parts, for this file is looked at as well.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("archive.ubuntu", "com"),
        ("conda.anaconda", "org"),
        ("crates", "io"),
        ("deb.debian", "org"),
        ("files.pythonhosted", "org"),
        ("proxy.golang", "org"),
        ("pypi", "org"),
        ("registry.npmjs", "org"),
        ("registry.yarnpkg", "com"),
        ("rubygems", "org"),
    ]
]
GIVEN_AWAY = re.compile(
    "|".join(re.escape(host) for host in REGISTRIES)
    + r"|(?<![\w./:%-])/(?:home|mnt|opt|root|srv|work|Users)/",
)


@pytest.mark.parametrize("name", ["README.md", "README.nl.md"])
def test_a_readme_names_the_two_commands(name):
    text = (ROOT / name).read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text


@pytest.mark.parametrize(
    "name",
    ["CHANGELOG.md", "LICENSE", "SECURITY.md", "publiccode.yml", ".editorconfig", ".gitignore"],
)
def test_the_papers_of_the_house_are_kept(name):
    assert name in kept()
    assert (ROOT / name).stat().st_size > 0


def test_every_paper_names_the_same_licence_and_version():
    project = settings()["project"]
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert public["legal"]["license"] == project["license"] == "EUPL-1.2"
    assert public["softwareVersion"] == project["version"]
    heading = f"## {project['version']} ({public['releaseDate']})\n"
    assert heading in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_public_description_keeps_to_the_lengths_of_its_standard():
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    assert set(public["description"]) == {"en", "nl"}
    for words in public["description"].values():
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]


def test_no_file_names_a_package_registry_or_a_place_on_a_machine():
    given_away = {}
    for name in kept():
        found = GIVEN_AWAY.search((ROOT / name).read_text("utf-8", errors="replace"))
        if found:
            given_away[name] = found.group()
    assert given_away == {}


@pytest.mark.parametrize("text", [f"https://{host}/simple" for host in REGISTRIES])
def test_a_registry_is_seen(text):
    assert GIVEN_AWAY.search(text)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("cp " + "/" + "home/an/x", True),
        ("'" + "/" + "opt/x'", True),
        ("home/work/x", False),
        ("https://example.org/work/x", False),
    ],
)
def test_a_place_on_a_machine_is_told_from_an_address(text, seen):
    assert bool(GIVEN_AWAY.search(text)) == seen


def test_every_public_module_says_what_it_is_for():
    public = [
        name
        for name in python("loopbaan", "bench", "tools")
        if name.endswith("/__init__.py") or not PurePath(name).name.startswith("_")
    ]
    assert len(public) > 1
    assert [name for name in public if not ast.get_docstring(tree(name))] == []


def test_every_decision_has_a_number_of_its_own_a_day_and_a_status():
    decisions = sorted(name for name in kept() if name.startswith("docs/decisions/"))
    assert [PurePath(name).name[:4] for name in decisions] == [
        f"{number:04d}" for number in range(1, len(decisions) + 1)
    ]
    for name in decisions:
        title, _, second = (ROOT / name).read_text("utf-8").splitlines()[:3]
        assert title.startswith(f"# {PurePath(name).name[:4]} "), name
        assert re.match(r"\*Decided on \d{4}-\d{2}-\d{2}\. Status: .+\.\*$", second), name

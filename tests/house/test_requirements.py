"""Everything that is installed is pinned, and known by its hash."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.files import ROOT, settings

HASH = r"    --hash=sha256:[0-9a-f]{64}(?: \\)?\n"
PIN = re.compile(rf"^([\w.-]+)==(\S+) \\\n((?:{HASH})+)", re.MULTILINE)


def _text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")


def _pins(name: str) -> dict[str, str]:
    pins = {canonicalize_name(found[1]): found[2] for found in PIN.finditer(_text(name))}
    assert pins
    return pins


@pytest.mark.parametrize("name", ["run", "dev", "cluster", "peers"])
def test_every_pin_has_its_hashes_and_no_line_says_where_to_fetch(name):
    rest = PIN.sub("", _text(name)).splitlines()
    assert [line for line in rest if line.strip() and not line.strip().startswith("#")] == []


@pytest.mark.parametrize("package", ["numpy", "pyyaml"])
def test_a_compiled_package_has_the_hashes_of_many_platforms(package):
    hashes = {found[1]: found[3].count("sha256") for found in PIN.finditer(_text("run"))}
    assert hashes[package] > 20


def test_the_checks_run_on_exactly_what_the_command_runs_on():
    assert _pins("run").items() <= _pins("dev").items()


def test_a_cluster_adds_to_what_the_command_runs_on_and_is_what_the_checks_test():
    assert _pins("run").items() < _pins("cluster").items() < _pins("dev").items()


@pytest.mark.parametrize("name", ["run", "cluster", "dev"])
def test_what_the_project_asks_for_is_what_is_pinned(name):
    asked = settings()["build-system"]["requires"] + settings()["project"]["dependencies"]
    asked = asked + settings()["project"]["optional-dependencies"].get(name, [])
    pins = _pins(name)
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)])


def test_what_is_measured_beside_us_is_in_no_environment_of_the_project():
    asked = (ROOT / "requirements/peers.in").read_text("utf-8").splitlines()
    names = {Requirement(line).name for line in asked if not line.startswith("#")}
    assert names == {"openfisca-core", "policyengine-core"}
    assert names <= set(_pins("peers"))
    assert not names & (set(_pins("run")) | set(_pins("dev")))


def test_the_command_needs_nothing_of_the_checks():
    extras = settings()["project"]["optional-dependencies"]
    names = {canonicalize_name(Requirement(text).name) for text in extras["dev"]}
    assert not names & set(_pins("run"))

"""pyproject.toml, constraints.txt and environment.yml say the same."""

import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
CONDA_NAMES = {"torch": "pytorch-cpu", "msgpack": "msgpack-python"}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def requirements() -> list[Requirement]:
    extras = project()["optional-dependencies"].values()
    return [Requirement(r) for rs in [project()["dependencies"], *extras] for r in rs]


def pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def conda() -> dict[str, str]:
    """Package -> specifier of environment.yml, in pip's spelling."""
    entries = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    found = {}
    for entry in entries:
        if isinstance(entry, str):
            name = entry.rstrip("0123456789.,<>=*")
            found[name] = entry[len(name) :]
    return found


@pytest.mark.parametrize("requirement", requirements(), ids=str)
def test_every_requirement_is_pinned_within_its_range(requirement):
    name = canonicalize_name(requirement.name)
    assert name in pins(), f"{name} is missing from constraints.txt"
    assert pins()[name] in requirement.specifier


def test_environment_yml_has_the_ranges_of_pyproject():
    extra = project()["optional-dependencies"]["grader"]
    for text in [*project()["dependencies"], *extra]:
        requirement = Requirement(text)
        name = CONDA_NAMES.get(requirement.name, requirement.name)
        assert name in conda(), f"{name} is missing from environment.yml"
        given = conda()[name]
        given = given.replace("=", "==", 1) if given[0] == "=" else given
        assert SpecifierSet(given) == requirement.specifier, name


def test_environment_yml_has_nothing_that_pyproject_has_not():
    extra = project()["optional-dependencies"]["grader"]
    known = {Requirement(text).name for text in [*project()["dependencies"], *extra]}
    known = {CONDA_NAMES.get(name, name) for name in known}
    assert set(conda()) - known == {"python", "pip"}


def test_python_versions_agree():
    assert conda()["python"].lstrip("=") in SpecifierSet(project()["requires-python"])


def test_torch_is_the_cpu_build_everywhere():
    assert "pytorch-cpu" in conda()
    assert "cuda" not in (ROOT / "environment.yml").read_text().lower()
    assert not [name for name in pins() if name.startswith(("nvidia-", "triton"))]

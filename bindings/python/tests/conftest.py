"""Where the repository and its command line are."""

import pathlib

import pytest

import agreement

ROOT = agreement.ROOT


@pytest.fixture(scope="session")
def root() -> pathlib.Path:
    return ROOT


@pytest.fixture(scope="session")
def command() -> str:
    """The `rulebook` binary."""
    found = agreement.command()
    if not found:
        pytest.skip("no `rulebook` binary is built, and RULEBOOK names none")
    return found

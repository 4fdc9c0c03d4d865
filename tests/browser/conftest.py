"""
A real browser, where one is installed.
"""

import os
from collections.abc import AsyncIterator

import pytest

from fakes.console_stage import CHROMIUM, ConsoleStage, console_stage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Skip these tests where there is no Chromium, but never on a build server: there they fail.
    """
    for item in items:
        if "tests/browser" in str(item.path) and CHROMIUM is None and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason="no Chromium is installed (Debian: apt-get install chromium)"))


@pytest.fixture
async def stage() -> AsyncIterator[ConsoleStage]:
    """
    A house of its own for each test.
    """
    async with console_stage() as built:
        yield built

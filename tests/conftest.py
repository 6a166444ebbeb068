"""Spread the tests over the workers: a file stays together, recorded answers go one by one."""

import pytest

ALONE = "test_answers.py"  # thousands of independent tests without a shared fixture


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.name != ALONE:
            item.add_marker(pytest.mark.xdist_group(item.path.name))

"""What a worker loads when it starts."""

import subprocess
import sys

import pytest

START = """
import sys
from crm.celery import app
app.Worker(queues=sys.argv[1], pool="solo").on_start()
print("analytics.importing.compiled" in sys.modules, "numba" in sys.modules)
"""


@pytest.mark.parametrize(
    ("queue", "expected"), [("billing", "True True"), ("celery", "False False")]
)
def test_only_workers_that_read_bills_load_the_compiler(queue, expected):
    done = subprocess.run(
        [sys.executable, "-c", START, queue], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == expected

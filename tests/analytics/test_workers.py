"""What a worker loads when it starts."""

import subprocess
import sys

import pytest

# Celery takes the ordinary output for its log.
START = """
import sys
from crm.celery import app
app.Worker(queues=sys.argv[1], pool="solo").on_start()
sys.__stdout__.write(str("numba" in sys.modules))
"""


@pytest.mark.parametrize(("queue", "expected"), [("billing", "True"), ("celery", "False")])
def test_only_workers_that_read_bills_load_the_compiler(queue, expected):
    done = subprocess.run(  # noqa: S603 -- our own code, no shell
        [sys.executable, "-c", START, queue], capture_output=True, text=True, check=True
    )

    assert done.stdout.endswith(expected)

"""`make stop`: end a run in this data folder, and whatever a killed one left behind."""

import json
import signal
from pathlib import Path

from crm.local import folders, processes, run, servers
from crm.local.install import say


def main() -> None:
    folders.read_env_file()
    data = folders.data_folder()
    stop_run(data)
    with servers.one_at_a_time(data):
        for server in servers.local_servers(data):
            if server.stop():
                say(f"{server.name} stopped")


def stop_run(data: Path) -> None:
    """The launcher first: it ends its programs itself, and would start them again otherwise."""
    record = run.record_file(data)
    if not record.exists():
        return
    found = json.loads(record.read_text())
    launcher, started = found["launcher"]
    processes.end(launcher, started, steps=[(signal.SIGTERM, 60)])
    for pid, started in found["programs"]:
        processes.end(pid, started, steps=run.PATIENCE)
    record.unlink(missing_ok=True)
    say(f"Stopped what served {found['url'] or 'nothing yet'}")


if __name__ == "__main__":
    main()

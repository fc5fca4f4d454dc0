"""What makes a step be done again."""

import os
from pathlib import Path

from crm.local import stamps


def test_a_stamp_holds_until_the_fingerprint_changes(tmp_path: Path) -> None:
    stamp = stamps.Stamp(tmp_path / "new" / "stamp", "one")

    assert not stamp.holds()
    stamp.set()
    assert stamp.holds()
    assert not stamps.Stamp(stamp.path, "two").holds()


def test_content_counts_not_time(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("same")
    before = stamps.of_content([file])

    os.utime(file, (1, 1))
    assert stamps.of_content([file]) == before

    file.write_text("different")
    assert stamps.of_content([file]) != before


def test_times_notice_a_write_and_a_removal(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.touch()
    two.touch()
    before = stamps.of_times([one, two])

    os.utime(two, (1, 1))
    assert stamps.of_times([one, two]) != before
    assert stamps.of_times([one]) != before


def test_files_below_leaves_out_what_is_named(tmp_path: Path) -> None:
    for name in ("src/app.js", "node_modules/big.js", "src/dist/out.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    found = list(stamps.files_below(tmp_path, without=("node_modules", "dist")))

    assert found == [tmp_path / "src" / "app.js"]
    assert list(stamps.files_below(tmp_path / "missing")) == []

"""A process and all below it, watched from outside."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.watch import Watch, below, processes

WORKS = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(30_000_000))'])"


def test_cpu_time_and_memory_below_a_process_are_seen_while_it_lives() -> None:
    with subprocess.Popen([sys.executable, "-c", WORKS]) as process:
        watch = Watch(process.pid, weigh=True)
        watch.until_end(patience=60.0)
    assert process.returncode == 0
    assert watch.cpu_seconds > 0.1
    assert watch.peak_pss_mb > 0
    assert watch.peak_rss_mb["largest worker"] > 0


def test_a_process_whose_time_is_up_is_killed_with_all_below_it() -> None:
    endless = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {'while True: pass'!r}])"
    with subprocess.Popen([sys.executable, "-c", endless]) as process:
        Watch(process.pid, weigh=False).until_end(patience=0.0)
    assert process.returncode < 0
    assert not [pid for pid, stat in processes().items() if stat.parent == process.pid]


def test_this_process_is_below_its_parent() -> None:
    assert os.getpid() in below(os.getppid())
    assert processes()[os.getpid()].parent == os.getppid()

"""Fetches many small files from an archive on loopback, with faults, is killed on the way, and fetches the rest.

    python benchmarks/download_speed.py [FILES]

Prints how long it takes with and without faults, how many requests the archive saw, and whether all files are equal to the archive's.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

from archive_server import NAME, PASSWORD, archive  # noqa: E402
from small_archive import download, files_of, lists_of, secrets_in, stamps  # noqa: E402

FAULTS = ("429", "503", "500", "cut", "short", "html", "html as data", "empty", "other")

#: What a run that is killed does.
_RUN = """
import sys
sys.path[:0] = {paths!r}
from annsm_plugin.core import fetching
from annsm_plugin.core.fetching.manners import Patience
request = fetching.DownloadRequest(lists={lists!r}, folder={folder!r}, table={table!r}, patience=Patience(first=0.02, longest=0.2))
result = fetching.run(request)
print(result.count("there"), result.count("fetched"), result.count("missing"))
"""


def killed(there, folder: Path, files: dict, kills: int) -> None:
    """Runs that are killed at random moments, then one that ends; what the archive saw of files that were there already."""
    lists = lists_of(folder, [there.subset(name) for name in files])
    target = folder / "data"
    code = _RUN.format(paths=sys.path[:2], lists=str(lists), folder=str(target), table=str(folder / "table.csv"))
    environment = {
        **os.environ,
        "EARTHDATA_USERNAME": NAME,
        "EARTHDATA_PASSWORD": PASSWORD,
        "ANNSM_EARTHDATA_LOGIN": f"http://{there.auth}",
    }
    twice, clock = 0, time.perf_counter()
    for number in range(kills + 1):
        whole = {p.name for p in (target / "gldas").glob("GLDAS*")} if target.exists() else set()
        before = {name: there.asked[name] for name in whole}
        process = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        if number < kills:
            time.sleep(random.uniform(1.0, 6.0))
            process.send_signal(signal.SIGKILL)
        said = process.communicate()[0]
        twice += sum(there.asked[name] != count for name, count in before.items())
        print(f"  run {number + 1}: {len(whole)} there before; {said.strip() or 'killed'}", flush=True)
    equal = {p.name: p.read_bytes() for p in (target / "gldas").iterdir()} == files
    print(f"killed {kills} times: {time.perf_counter() - clock:.1f} s, all equal: {equal}, asked for again though there: {twice}, "
          f"requests for files: {sum(there.asked.values())}, files with a secret: {len(secrets_in(folder))}")  # fmt: skip


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        files = files_of(home / "originals", stamps(count))
        print(f"{count} files of {sum(map(len, files.values())) / count / 1000:.1f} kB", flush=True)
        for title, share in (("no faults", 0.0), ("every third file fails once", 1 / 3)):
            with archive(files, retry_after="0") as there:
                for number, name in enumerate(files):
                    there.faults[name] = [FAULTS[number % len(FAULTS)]] if random.random() < share else []
                folder = home / title.replace(" ", "_")
                folder.mkdir()
                clock = time.perf_counter()
                result = download(there, folder)
                seconds = time.perf_counter() - clock
                equal = {p.name: p.read_bytes() for p in (folder / "data" / "gldas").iterdir()} == files
                print(f"{title}: {seconds:.1f} s, {count / seconds:.0f} files/s, missing {result.count('missing')}, all equal: {equal}, "
                      f"requests for files: {sum(there.asked.values())}, logins: {sum(p == 'login' for p, *_ in there.log)}, "
                      f"files with a secret: {len(secrets_in(folder))}", flush=True)  # fmt: skip
                clock = time.perf_counter()
                download(there, folder)
                print(f"  again, all there: {time.perf_counter() - clock:.1f} s", flush=True)
        with archive(files, retry_after="0") as there:
            folder = home / "killed"
            folder.mkdir()
            killed(there, folder, files, kills=5)


if __name__ == "__main__":
    main()

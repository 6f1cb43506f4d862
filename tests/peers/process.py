"""Runs a command as a child and watches its memory; names the machine."""
import pathlib
import platform
import subprocess
import tempfile
import time


def run(command):
    """Wall seconds, peak anonymous MiB, standard output. RuntimeError with its last words."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        status = pathlib.Path(f"/proc/{process.pid}/status")
        peak = 0
        while process.poll() is None:
            try:
                for line in status.read_text().splitlines():
                    if line.startswith("RssAnon"):
                        peak = max(peak, int(line.split()[1]))
            except (FileNotFoundError, ProcessLookupError):
                pass
            time.sleep(0.002)
        wall = time.perf_counter() - start
        out.seek(0)
        err.seek(0)
        if process.returncode:
            raise RuntimeError(f"{command}: {err.read()[-2000:]}")
        return wall, peak / 1024, out.read()


def cpu():
    """The processor's name and the instruction set that matters for integers."""
    fields = {}
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    flags = fields.get("flags", "").split()
    for flag, name in (("avx512_vnni", "AVX-512 VNNI"), ("avx2", "AVX2")):
        if flag in flags:
            return f"{fields.get('model name', 'x86-64')}, {name}"
    return platform.machine()

"""Kernels, initramfs and boots of 'make bench': built and run once, used again
while nothing has changed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
import time

import results
import variants

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, TOP)
from harness import qemu  # noqa: E402

STRIDE = (1 << 20) + 4096
BOOT_LIMIT = 900        # seconds
APPEND = "console=ttyS0,115200 panic=1 norandmaps lpj=2000000"
MEGABYTES = 256
BEGAN = time.monotonic()
printing = threading.Lock()


def windows(nr_cpus):
    """Where CONFIG_HAS_VM_PERCPU puts them in the configurations used."""
    return 0xffc00000 - nr_cpus * STRIDE, 0xffc00000


def say(text):
    with printing:
        print(f"{time.monotonic() - BEGAN:5.0f} s  {text}", flush=True)


def die(why):
    print(f"bench: {why}", file=sys.stderr)
    sys.exit(1)


def sh(cmd, why, **more):
    done = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, **more)
    if done.returncode:
        die(f"{why}: {done.stdout.strip()[-300:]}")
    return done.stdout


def guest(work):
    """Build what runs in the guest; returns {kind: initramfs}."""
    if not os.path.exists(f"{TOP}/build/busybox/busybox"):
        say("building BusyBox")
    busybox = f"{TOP}/build/busybox"
    sh([f"{TOP}/tools/busybox", busybox], "BusyBox")
    sh([f"{TOP}/tools/musl", f"{busybox}/musl"], "musl")
    sh(["make", "-s", "-C", TOP, "-f", "tests/bench/Makefile", f"O={work}",
        f"MUSL={busybox}/musl/cc", "all", f"{work}/workloads"],
       "the plugin and the workloads")
    done = subprocess.run([f"{HERE}/programs", f"{work}/programs",
                           f"{busybox}/musl/cc"], text=True,
                          stdout=subprocess.PIPE)
    files = [f"{work}/workloads"]
    for line in done.stdout.strip().split("\n"):
        if line.startswith("/"):
            files.append(line)
        elif line:
            say(line)
    # The second initramfs moves what is allocated after it.
    with open(f"{work}/ballast", "wb") as f:
        f.write(hashlib.shake_128(b"ballast").digest(300000))
    out = {}
    for kind, extra in (("initramfs", []), ("initramfs2",
                                            [f"{work}/ballast"])):
        out[kind] = f"{work}/{kind}.gz"
        sh([f"{TOP}/tools/initramfs", f"{busybox}/busybox", out[kind]] +
           files + extra, "the initramfs",
           env={**os.environ, "INIT": f"{HERE}/init"})
    return out


def build(config, fragments, variant, linux, work, extra=""):
    """Build a kernel, with one more patch; returns its directory and how the
    variant was made."""
    out = f"{work}/kernels/{config}/{variant}"
    fragments = fragments.split() + ([] if variant == "stock" else ["windows"])
    why = ""
    for how, tree in variants.candidates(variant, linux, work, extra=extra):
        stamp = open(f"{tree}/.stamp").read()
        refused = f"{out}.refused"
        if os.path.exists(refused) and open(refused).read() == stamp:
            continue
        kept = f"{out}/source-stamp"
        if not os.path.exists(kept) or open(kept).read() != stamp:
            # A file that is no longer patched is older than its object.
            shutil.rmtree(out, ignore_errors=True)
            os.makedirs(out)
            with open(kept, "w") as f:
                f.write(stamp)
            say(f"{config}/{variant}: building ({how})")
        done = subprocess.run([f"{TOP}/tools/linux-build", tree, out] +
                              fragments, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode == 0:
            return out, how
        why = done.stderr.strip().replace("\n", "; ")
        if how.endswith("reversed"):
            # Not tried again: there is another way.
            with open(refused, "w") as f:
                f.write(stamp)
    raise variants.Refused(why)


def boot_key(cmd, files):
    key = hashlib.sha1(" ".join(cmd).encode())
    for name in files:
        key.update(open(name, "rb").read())
    return key.hexdigest()


def boot(name, kernel, initramfs, work, nr_cpus, append=""):
    """Boot and measure; returns the console's text and the plugin's."""
    start, end = windows(nr_cpus)
    raw = f"{work}/raw/{name}"
    console, counts = f"{raw}/console.log", f"{raw}/plugin.txt"
    plugin = f"{work}/plugin.so"
    linear_end = 0xc0000000 + (MEGABYTES << 20)
    cmd = qemu.command(
        f"{kernel}/bzImage", initramfs, 1, MEGABYTES,
        f"{APPEND} {append}".strip(), machine=qemu.SERIAL, extra=[
            "-icount", "shift=0,sleep=off", "-rtc",
            "base=2006-06-18T00:00:00,clock=vm", "-plugin",
            f"{plugin},out={counts},window={start:x}-{end:x},"
            f"linear_end={linear_end:x},large_shift=22"])
    key = boot_key(cmd, [f"{kernel}/bzImage", initramfs, plugin])
    if not os.path.exists(f"{raw}/{key}"):
        shutil.rmtree(raw, ignore_errors=True)
        os.makedirs(raw)
        run_qemu(name, cmd, console)
        open(f"{raw}/{key}", "w").close()
    return (open(console, errors="replace").read().replace("\r", ""),
            open(counts).read())


def run_qemu(name, cmd, console):
    began = last = time.monotonic()
    told = 0

    def tell(text):
        nonlocal told, last
        seen = re.findall(r"BENCH (\S+) \d", text)
        if len(seen) > told and time.monotonic() - last > 10:
            say(f"{name}: {len(seen)} workloads done, last {seen[-1]}")
            told, last = len(seen), time.monotonic()

    text, ended, _ = qemu.run(cmd, console, 0, BOOT_LIMIT, watch=tell)
    if ended:
        raise results.Garbled(f"{ended}; see {console}")
    end = re.search(r"END: (\d+) failed", text)
    if not end or end.group(1) != "0" or re.search(r"Oops|BUG:", text):
        bad = re.findall(r"\S+: failed.*|workloads: .*|Oops.*|BUG:.*|"
                         r"Kernel panic.*|qemu.*", text)
        raise results.Garbled(
            f"{bad[0].strip() if bad else 'no end marker'}; see {console}")
    say(f"{name}: measured in {time.monotonic() - began:.0f} s")


def sections(vmlinux):
    """Bytes of text, read-only and other data in the kernel, as it runs."""
    sizes = {}
    for line in sh(["size", "-A", vmlinux], "size").split("\n"):
        fields = line.split()
        if len(fields) == 3 and fields[1].isdigit():
            sizes[fields[0]] = int(fields[1])
    data = sum(n for s, n in sizes.items() if re.match(
        r"\.data(\.|$)|\.bss$", s) and s != ".data.percpu")
    return {"text_bytes": sizes[".text"],
            "rodata_bytes": sum(n for s, n in sizes.items()
                                if s.startswith(".rodata")),
            "data_bytes": data}

"""Boot a scenario: prepare what it needs, run QEMU, judge.

Whatever boots uses this: tests/boot, tools/demo, mutants, bisect, scale.
"""

import glob
import gzip
import os
import shlex
import shutil
import struct
import subprocess
import time

from harness import Refused, build, paths, qemu, tree
from harness.arch import ARCHS
from harness.judge import judge

RETRIES = 2
KEPT = 3                        # earlier runs of a scenario


class Ready:
    """A scenario whose kernel is built."""

    def __init__(self, scn, cmd, symbols, built=None, other=()):
        self.scn, self.cmd, self.symbols = scn, cmd, symbols
        self.built, self.other = built, other


def words(scn):
    return " ".join(scn["run"].split())


def prepare(scn, linux="", where=None, download=False, progress=False,
            source=None):
    """Find or build all that it needs. @linux: the tree that was given; @where:
    build there; @source: a tree.Tree to build instead of the scenario's."""
    emulator(scn)
    if not scn["linux"]:
        return prepare_testkernel(scn, where)
    kernel = scn["linux"]
    kernel = type(kernel)(kernel.name, where) if where else kernel
    arch = kernel.arch(scn["arch"])
    build.needs(kernel, arch)
    if not source:
        source = tree.get(kernel, scn["tree"], linux, scn["patch"] and
                          os.path.join(paths.TOP, scn["patch"]), download)
    other = scn["other"].split()
    if other:
        its = source if other[0] != "stock" else \
            tree.get(kernel, other.pop(0), linux, "", download)
        other = build.build(kernel, arch, its, other, progress).modules
    built = build.build(kernel, arch, source, scn["config"], progress)
    # What the scenario says holds: it comes last.
    append = [arch.append, kernel.of("APPEND", arch.name), "panic=1",
              scn["append"]]
    cmd = qemu.command(
        built.image, built.initramfs, scn["smp"], scn["mem"],
        " ".join(a for a in append if a), arch,
        extra=kernel.of("QEMU", arch.name).split() + scn["qemu"].split())
    return Ready(scn, cmd, built.vmlinux, built, other)


def emulator(scn):
    """Refuse a scenario whose QEMU is not installed."""
    arch = scn["linux"].arch(scn["arch"]) if scn["linux"] else ARCHS["i386"]
    if not shutil.which(arch.qemu):
        raise Refused(f"{arch.qemu} is missing; run 'make deps"
                      f"{f' ARCH={arch.name}' if arch.packages else ''}'")


def prepare_testkernel(scn, where):
    variant, out = scn["kernel"].split("-", 1)[1], paths.BUILD
    where = build.testkernel(variant, f"{where or out}/testkernel")
    image, modules = qemu.testkernel(where)
    append = scn["append"]
    if "cpus=" not in append:
        append += f" cpus={scn['smp']}"
    if scn["possible"]:
        append += f" possible={scn['possible']}"
    return Ready(scn, qemu.command(
        image, modules, scn["smp"], scn["mem"],
        f"{append} {words(scn)}".strip(), extra=scn["qemu"].split()), image)


def logs(scn, where=None):
    """The directory of a scenario's console."""
    return paths.Paths(scn["linux"].name if scn["linux"] else "testkernel",
                       where).logs(scn["name"])


def keep(directory):
    """Make room for a run: the last becomes .1, what was .1 becomes .2 ..."""
    for n in range(KEPT, 0, -1):
        old = f"{directory}.{n - 1}" if n > 1 else directory
        if os.path.exists(old):
            shutil.rmtree(f"{directory}.{n}", ignore_errors=True)
            os.rename(old, f"{directory}.{n}")
    # The last disk is as good as any.
    for disk in glob.glob(f"{glob.escape(directory)}.1/disk*"):
        os.remove(disk)
    os.makedirs(directory)


def write_initrd(ready, path):
    """The initramfs and, after it, the guest's plan; other modules."""
    files = {"plan": (0o100644, f"{words(ready.scn)}\n".encode())}
    for name in sorted(glob.glob(f"{ready.other}/*.ko") if ready.other else ()):
        files[f"modules/other/{os.path.basename(name)}"] = build.content(name)
    with open(path, "wb") as out, open(ready.built.initramfs, "rb") as f:
        out.write(f.read())
        out.write(gzip.compress(build.newc(files), 6, mtime=0))


def lower_initrd(image, mib, path):
    """A copy of a bzImage whose header lets a loader put the initrd no higher."""
    with open(image, "rb") as f:
        data = bytearray(f.read())
    if data[0x202:0x206] != b"HdrS":
        raise Refused(f"{paths.shown(image)}: no header of a bzImage, so "
                      "initrd cannot be")
    data[0x22c:0x230] = struct.pack("<I", (mib << 20) - 1)
    with open(path, "wb") as f:
        f.write(data)


def disk_image(kind, mib, path):
    """A disk; ext3 as in 2006: 128-byte inodes, nothing invented later."""
    commands = {
        "empty": [], "swap": ["mkswap", "-p", "4096"],
        "ext3": ["mke2fs", "-q", "-F", "-t", "ext3", "-I", "128", "-b", "1024",
                 "-m", "0", "-O", "none,has_journal,filetype"]}
    if kind not in commands or not mib.isdigit():
        raise Refused(f"disk {kind}:{mib}: give empty, swap or ext3, and MiB")
    with open(path, "wb") as f:
        f.truncate(int(mib) << 20)
    if not commands[kind]:
        return
    tools = f"{os.environ['PATH']}:/sbin:/usr/sbin"
    program = shutil.which(commands[kind][0], path=tools)
    if not program:
        raise Refused(f"{commands[kind][0]} is missing; run 'make deps'")
    done = subprocess.run([program, *commands[kind][1:], path],
                          capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"{program} failed: {done.stderr.strip()}")


def once(scn, cmd, directory, show, idle, limit, gdb):
    """All boots of a scenario once; the verdict, why, its text, commands sent."""
    for n, disk in enumerate(scn["disk"].split()):
        image = os.path.join(directory, f"disk{n}")
        kind, _, mib = disk.partition(":")
        disk_image(kind, mib, image)
        cmd = cmd + ["-drive", f"file={image},format=raw,if=ide,index={n}"]
    with open(os.path.join(directory, "qemu-cmd"), "w") as f:
        f.write(shlex.join(cmd) + "\n")
    whole, monitor = "", \
        qemu.Monitor(scn["monitor"]) if scn["monitor"] else None
    for _ in range(int(scn["boots"])):
        text, ended, code = qemu.run(
            cmd, os.path.join(directory, "console.log"), idle, limit, show,
            scn["stop"], monitor, gdb=gdb)
        whole += text
        if ended or code:
            break
    with open(os.path.join(directory, "end"), "w") as f:
        f.write(f"{code} {ended}\n")
    verdict, why = judge(scn, whole, ended, code)
    return verdict, why, whole, monitor.sent if monitor else 0


def run(ready, directory, show=False, gdb=False, more=()):
    """Run a scenario, again if it must be; the verdict, why, and remarks."""
    with paths.lock(directory):
        return run_locked(ready, directory, show, gdb, more)


def run_locked(ready, directory, show, gdb, more):
    scn, cmd, remarks = ready.scn, [*ready.cmd], []
    at = cmd.index("-append")
    cmd[at:at] = more
    keep(directory)
    idle, limit = int(scn["idle"]), int(scn["timeout"])
    if gdb:
        gdb = qemu.Gdb(ready.symbols, os.path.join(directory, "gdb"))
        cmd += gdb.args
        idle = limit = 0
    retry = scn["linux"].retry if scn["linux"] else []
    for again in range(RETRIES + 1):
        began = time.monotonic()
        if ready.built:
            shutil.copy(ready.built.config, directory)
            if scn["initrd"]:
                cmd[cmd.index("-kernel") + 1] = image = f"{directory}/bzImage"
                lower_initrd(ready.built.image, int(scn["initrd"]), image)
            cmd[cmd.index("-initrd") + 1] = initrd = f"{directory}/initrd"
            write_initrd(ready, initrd)
        verdict, why, text, sent = once(scn, cmd, directory, show, idle, limit,
                                        gdb)
        known = [k for k in retry if k in text]
        if verdict == scn["expect"] or not known or again == RETRIES:
            break
        os.rename(f"{directory}/console.log",
                  f"{directory}/console-{again + 1}.log")
        remarks.append(f"repeated after '{known[0]}'")
    if scn["monitor"]:
        remarks.append(f"{sent} monitor commands")
    remarks.insert(0, f"{time.monotonic() - began:.1f} s")
    return verdict, why, ", ".join(remarks)


def judge_again(scn, directory):
    """The verdict on what an earlier run left, and why."""
    try:
        with open(os.path.join(directory, "end")) as f:
            code, ended = f.read().rstrip("\n").split(" ", 1)
        with open(os.path.join(directory, "console.log"), "rb") as f:
            text = qemu.clean(f.read())
    except FileNotFoundError:
        raise Refused(f"no console of '{scn['name']}' in "
                      f"{paths.shown(directory)}; boot it first")
    return judge(scn, text, ended, int(code))

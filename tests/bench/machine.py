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

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, TOP)
import results  # noqa: E402
from harness import Refused, paths, qemu  # noqa: E402
from harness import build as builder  # noqa: E402
from harness.arch import SERIAL  # noqa: E402

BOOT_LIMIT = 1800       # seconds
APPEND = "console=ttyS0,115200 panic=1 norandmaps lpj=2000000"
MEGABYTES = 256
BEGAN = time.monotonic()
printing = threading.Lock()


def write_map(path, kernel, regions, pages):
    """What the plugin is told of addresses, see tests/bench/pagemap.h: where
    the kernel begins, (name, start, end)..., (start, end, shift, global)..."""
    lines = [f"kernel {kernel:x}"]
    lines += [f"region {name} {start:x} {end:x}" for name, start, end in
              regions]
    lines += [f"page {start:x} {end:x} {shift}{'' if is_global else ' local'}"
              for start, end, shift, is_global in pages]
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")


def plugin(so, out, pagemap, models):
    """QEMU's option for it."""
    return ["-plugin", f"{so},out={out},map={pagemap},"
                       f"models={':'.join(models)}"]


def i386_map(path):
    """All of memory is mapped by pages of 4 MiB, the rest of the kernel by
    small ones."""
    lowmem = (0xc0000000, 0xc0000000 + (MEGABYTES << 20))
    write_map(path, 0xc0000000, [("linear", *lowmem)], [(*lowmem, 22, True)])


def took():
    """Seconds so far."""
    return round(time.monotonic() - BEGAN)


def say(text):
    with printing:
        print(f"{time.monotonic() - BEGAN:5.0f} s  {text}", flush=True)


def die(why):
    raise Refused(why)


def sh(cmd, why, **more):
    done = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, **more)
    if done.returncode:
        die(f"{why}: {done.stdout.strip()[-300:]}")
    return done.stdout


def guest(kernel, work, lists, how_many):
    """Build what runs in the guest; returns that many initramfs, which differ
    in what else is in them: that moves what is allocated after it.

    @lists, {name: workloads}, are in there: a command line has 255 bytes."""
    arch = kernel.arch()
    if not os.path.exists(f"{arch.busybox}/busybox"):
        say("building BusyBox")
    box = builder.busybox(kernel, arch)
    musl = f"{arch.busybox}/musl"
    sh([f"{TOP}/tools/musl", arch.name, musl], "musl")
    sh(["make", "-s", "-C", TOP, "-f", "tests/bench/Makefile", f"O={work}",
        f"MUSL={musl}/cc", "all", f"{work}/workloads"],
       "the plugin and the workloads")
    with open(f"{work}/lists", "w") as f:
        f.write("".join(f"{name} {' '.join(names)}\n"
                        for name, names in lists.items()))
    out = []
    for n in range(how_many):
        with open(f"{work}/ballast", "wb") as f:
            f.write(hashlib.shake_128(b"ballast").digest(300000 * n))
        out.append(f"{work}/initramfs{n}.gz")
        builder.initramfs(out[-1], [f"{work}/workloads", f"{work}/lists",
                                    f"{work}/ballast"], box, f"{HERE}/init")
    return out


class JustKernel(builder.Build):
    """Without test modules and what boots them: they are of today's series."""

    def make(self, *targets):
        if targets[-1] != "modules":
            super().make(*targets)

    def pack(self, modules):
        pass


def build(kernel, config, tree):
    """A kernel of a tree and fragments: harness.build's Built."""
    one = JustKernel(kernel, kernel.arch(), tree, config, True)
    with paths.lock(one.where):
        os.makedirs(one.where, exist_ok=True)
        one.all(False)
    return one.built()


def boot_key(cmd, files):
    key = hashlib.sha1(" ".join(cmd).encode())
    for name in files:
        key.update(open(name, "rb").read())
    return key.hexdigest()


# A disk that answers at once, two network cards on a wire.
DEVICES = ["-drive", "driver=null-co,size=64M,read-zeroes=on,if=ide",
           *(word for card in "ab" for word in (
               "-netdev", f"hubport,id={card},hubid=0", "-device",
               f"e1000,netdev={card},mitigation=off"))]


def boot(name, image, initramfs, cpus, workloads, work):
    """Boot 2.6.17, run a list of workloads; returns the console's text and the
    plugin's.

    -icount makes QEMU run the CPUs in turn and count instructions instead of
    time, and the network without a host is a part of that: the same boot
    counts the same. The disk is answered by another thread of QEMU."""
    raw = f"{work}/raw/{name}"
    counts = f"{raw}/plugin.txt"
    so, pagemap = f"{work}/plugin.so", f"{work}/pagemap"
    cmd = qemu.command(
        image, initramfs, cpus, MEGABYTES,
        f"{APPEND} migration_cost=2000000 list={workloads}",
        machine=("-nodefaults",) + SERIAL, extra=[
            "-icount", "shift=0,sleep=off", "-rtc",
            "base=2006-06-18T00:00:00,clock=vm", *DEVICES,
            *plugin(so, counts, pagemap, results.MODELS)])
    text = run_once(name, cmd, [image, initramfs, so, pagemap], raw)
    with open(counts) as f:
        return text, f.read()


def run_once(name, cmd, files, raw):
    """The console of @cmd, run unless what is in @raw is of the same files."""
    key, console = boot_key(cmd, files), f"{raw}/console.log"
    if not os.path.exists(f"{raw}/{key}"):
        shutil.rmtree(raw, ignore_errors=True)
        os.makedirs(raw)
        run_qemu(name, cmd, console)
        open(f"{raw}/{key}", "w").close()
    with open(console, errors="replace") as f:
        return f.read().replace("\r", "")


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
                         r"Kernel panic.*|qemu-\S+: (?!warning).*", text)
        raise results.Garbled(
            f"{bad[0].strip() if bad else 'no end marker'}; see {console}")
    say(f"{name}: measured in {time.monotonic() - began:.0f} s")


def static_busybox(where):
    """The installed one and what else it is called, as harness.build does."""
    found = shutil.which("busybox")
    if not found or b"ld-linux" in open(found, "rb").read(4096):
        die("no static busybox; install busybox-static")
    os.makedirs(where, exist_ok=True)
    names = sh([found, "--list-full"], "busybox").split()
    with open(f"{where}/busybox.links", "w") as f:
        f.write("".join(f"/{name}\n" for name in names
                        if name != "bin/busybox"))
    shutil.copy(found, f"{where}/busybox")
    return f"{where}/busybox", f"{where}/busybox.links"


def vmlinux_of(image):
    """The kernel that @image, arch/x86/boot/bzImage, was made of."""
    at = os.path.dirname(os.path.abspath(image))
    for path in f"{at}/vmlinux", f"{at}/../../../vmlinux", f"{at}/obj/vmlinux":
        if os.path.exists(path):
            return path
    die(f"no vmlinux beside {image}")


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


def symbols(vmlinux):
    """Bytes of code and of data, as the sum of symbols: the sections of x86-64
    are padded to large pages, and what is read-only later is data to nm."""
    kinds = {"text_bytes": "TtWw", "data_bytes": "RrDdBb"}
    sizes = dict.fromkeys(kinds, 0)
    for line in sh(["nm", "-S", vmlinux], "nm").split("\n"):
        fields = line.split()
        for metric, letters in kinds.items():
            if len(fields) == 4 and fields[2] in letters:
                sizes[metric] += int(fields[1], 16)
    return sizes

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
import variants  # noqa: E402
from harness import Refused, paths, qemu  # noqa: E402
from harness import build as builder  # noqa: E402
from harness.arch import SERIAL  # noqa: E402

STRIDE = (1 << 20) + 4096
BOOT_LIMIT = 1800       # seconds
APPEND = "console=ttyS0,115200 panic=1 norandmaps lpj=2000000"
MEGABYTES = 256
BEGAN = time.monotonic()
printing = threading.Lock()


def windows(nr_cpus):
    """Where CONFIG_HAS_VM_PERCPU puts them in the configurations used."""
    return 0xffc00000 - nr_cpus * STRIDE, 0xffc00000


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


def lowmem_map(path, megabytes, window):
    """i386: all of memory is mapped by pages of 4 MiB; windows in pages."""
    lowmem = (0xc0000000, 0xc0000000 + (megabytes << 20))
    write_map(path, 0xc0000000, [("linear", *lowmem), ("window", *window)],
              [(*lowmem, 22, True)])


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


def guest(kernel, work):
    """Build what runs in the guest; returns {kind: initramfs}."""
    arch = kernel.arch()
    if not os.path.exists(f"{arch.busybox}/busybox"):
        say("building BusyBox")
    box = builder.busybox(kernel, arch)
    musl = f"{arch.busybox}/musl"
    sh([f"{TOP}/tools/musl", arch.name, musl], "musl")
    sh(["make", "-s", "-C", TOP, "-f", "tests/bench/Makefile", f"O={work}",
        f"MUSL={musl}/cc", "all", f"{work}/workloads"],
       "the plugin and the workloads")
    done = subprocess.run([f"{HERE}/programs", f"{work}/programs",
                           f"{musl}/cc"], text=True, stdout=subprocess.PIPE)
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
        builder.initramfs(out[kind], files + extra, box, f"{HERE}/init")
    return out


def build(kernel, config, fragments, variant, linux, extra=""):
    """Build a kernel, with one more patch; returns harness.build's Built and how
    the variant was made."""
    arch = kernel.arch()
    fragments = fragments.split() + ([] if variant == "stock" else ["windows"])
    why = Refused(f"{variant}: no way to make it")
    for how, tree in variants.prepare(kernel, variant, linux, extra):
        refused = f"{kernel.paths.out(arch.name, tree.name, fragments)}.refused"
        if paths.read(refused) == tree.id:
            continue
        say(f"{config}/{variant}: building ({how})")
        try:
            return builder.build(kernel, arch, tree, fragments), how
        except Refused as e:
            why = e
        if how.endswith("reversed"):
            # Not tried again: there is another way.
            paths.write(refused, tree.id)
    raise why


def boot_key(cmd, files):
    key = hashlib.sha1(" ".join(cmd).encode())
    for name in files:
        key.update(open(name, "rb").read())
    return key.hexdigest()


def boot(name, kernel, initramfs, work, nr_cpus, append=""):
    """Boot and measure; returns the console's text and the plugin's."""
    raw = f"{work}/raw/{name}"
    counts = f"{raw}/plugin.txt"
    so, pagemap = f"{work}/plugin.so", f"{work}/pagemap-{nr_cpus}"
    lowmem_map(pagemap, MEGABYTES, windows(nr_cpus))
    cmd = qemu.command(
        kernel.image, initramfs, 1, MEGABYTES,
        f"{APPEND} {append}".strip(), machine=SERIAL, extra=[
            "-icount", "shift=0,sleep=off", "-rtc",
            "base=2006-06-18T00:00:00,clock=vm",
            *plugin(so, counts, pagemap, results.MODELS)])
    text = run_once(name, cmd, [kernel.image, initramfs, so, pagemap], raw)
    return text, open(counts).read()


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
                         r"Kernel panic.*|qemu.*", text)
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

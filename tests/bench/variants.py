"""What 'make bench' compares, and on what.

Compared are trees, made by steps from the pristine one or as they are. A
variant is what to build:

  stock              what today's tools can build of the pristine tree
  series             that with the series
  series@REVISION    with the series as it was in that revision of git
  ...<WORD           only up to before the first patch with WORD in its name
  ...+FILE           with one more patch
  tree:DIRECTORY     a tree as it is, which must have turns.patch applied for
                     more than one CPU
"""

import os
import re
import subprocess

from harness import Refused, paths, tree

HERE = os.path.dirname(os.path.abspath(__file__))
# The last one with static data in windows, mapped by small pages. In full, so
# that a shallow clone can ask for it.
MAPPED = "series@b997833f07b163d6014d4e8f6b7ef67f1faa4884"
VARIANTS = {
    "stock": "stock",
    # Booted with other initramfs: how far it is from stock is the noise.
    "stock2": "stock",
    "rfc": f"{MAPPED}<hot-page+{HERE}/rfc.patch",
    "mapped": MAPPED,
    # Without what the last patches of i386 add: the offset in thread_info.
    "number": "series<sched-hooks",
    "ours": "series",
}

CONFIGS = {"small": "base smp", "large": "base smp pentium4 distro devices"}
# Which are booted on how many CPUs.
MACHINES = [(config, cpus) for config, numbers in
            (("small", (1, 2, 4, 8)), ("large", (1, 4))) for cpus in numbers]

ONE = ("syscall pipe context_switch context_switch_96p udp udp_200p tcp "
       "tcp_200p nanosleep fork exec page_fault file read_vmstat read_snmp "
       "tick idle balance crowd")
COLD = ("context_switch context_switch_96p udp tcp nanosleep fork exec "
        "page_fault file read_vmstat")
SEVERAL_CPUS = {
    "pinned_": "context_switch context_switch_96p udp_200p nanosleep fork",
    "cross_": "context_switch context_switch_96p udp_echo tcp_echo fork exec "
              "migrate",
    "": "context_switch tcp_echo fork exec nanosleep tick idle balance crowd",
    "cold_pinned_": "context_switch udp nanosleep fork",
    "cold_cross_": "context_switch context_switch_96p tcp_echo fork exec",
    "cold_": "fork exec nanosleep read_vmstat read_snmp"}


def workloads(config, cpus):
    devices = "devices" in CONFIGS[config].split()
    names = {"": ONE, "cold_": COLD} if cpus == 1 else SEVERAL_CPUS
    return [f"{prefix}{name}" for prefix, these in names.items()
            for name in these.split() + ["disk", "nic"] *
            (devices and prefix in ("", "cold_"))]


def everything():
    """{(config, cpus, workload)} of a whole run."""
    return {(config, cpus, workload) for config, cpus in MACHINES
            for workload in (*workloads(config, cpus), "kernel")}


def git(*command):
    return subprocess.run(["git", "-C", paths.TOP, *command],
                          capture_output=True)


def at_revision(kernel, revision):
    """The directory of the series as it was, taken out of git. A clone without
    it asks where it came from, which takes the full name of a commit."""
    where = f"{kernel.paths.root}/series-{revision.replace('/', '-')}"
    patches = os.path.relpath(kernel.patches, paths.TOP)
    if git("cat-file", "-e", f"{revision}^{{commit}}").returncode:
        git("fetch", "-q", "--depth=1", "origin", revision)
    packed = git("archive", revision, patches)
    if packed.returncode:
        raise Refused(f"series@{revision}: not in this clone; 'git fetch "
                      "--unshallow' gets what came before")
    os.makedirs(where, exist_ok=True)
    subprocess.run(["tar", "-C", where, "-xf", "-"], input=packed.stdout,
                   check=True)
    return f"{where}/{patches}"


def steps(kernel, what):
    """As tree.prepare() takes them."""
    found = re.fullmatch(r"(stock|series)(?:@([\w./-]+))?(?:<([\w.-]+))?"
                         r"((?:\+[^+]+)*)", what)
    if not found or what.startswith("stock@"):
        raise Refused(f"variant '{what}': not as tests/bench/variants.py says")
    kind, revision, before, more = found.groups()
    out = tree.steps(kernel, "stock")
    if kind == "series":
        series = at_revision(kernel, revision) if revision else kernel.patches
        names = kernel.series(series)
        if before:
            first = [i for i, name in enumerate(names) if before in name]
            if not first:
                raise Refused(f"variant '{what}': no patch named like "
                              f"{before}")
            names = names[:first[0]]
        out.append((series, names))
    for patch in more.split("+")[1:]:
        if not os.path.isfile(patch):
            raise Refused(f"variant '{what}': {patch}: no such patch")
        out.append((patch, None))
    return out


def prepare(kernel, name, what, linux):
    """The tree of a variant."""
    if what.startswith("tree:"):
        path = os.path.abspath(what[5:])
        if not os.path.isfile(f"{path}/Makefile"):
            raise Refused(f"variant '{what}': not a Linux tree (no Makefile)")
        return tree.Tree(name, path, tree.tree_id(path))
    return tree.prepare(kernel, name, steps(kernel, what) + [
        (f"{HERE}/turns.patch", None)], linux)

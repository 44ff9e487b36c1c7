"""Source trees of the variants that 'make bench' compares.

  stock   2.6.17 with patches/2.6.17/compat
  rfc     the series up to the first of the patches below, with the arithmetic
          of the RFC (rfc.patch)
  ours    the whole series
  ours-without-X
          the series with one patch reversed; if that does not apply or does
          not build, the series up to before that patch
"""

import os
import re
import shutil
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
# What a patch's name contains.
LEFT_OUT = {"hot-page": r"(?<!in-)hot-page",
            "gdt": r"gdt-in-hot-page",
            "thread-info": r"percpu-offset-in-thread_info"}


class Refused(Exception):
    """A tree that cannot be made, and why."""


def series(patches):
    """Names of a series, in order."""
    lines = open(f"{patches}/series").read().split("\n")
    names = [re.sub(r"\s*#.*", "", line).split(" ")[0] for line in lines]
    return [name for name in names if name]


def find(names, pattern):
    """Index of the first patch whose name matches, or None."""
    for i, name in enumerate(names):
        if re.search(pattern, name):
            return i
    return None


def missing(variant, names):
    """Why there is no such variant, or nothing."""
    if not variant.startswith("ours-without-"):
        return ""
    pattern = LEFT_OUT[variant[len("ours-without-"):]]
    if find(names, pattern) is None:
        return f"no patch named like {pattern} in patches/series"
    return ""


def last_before(names):
    """How many patches come before the first that can be left out."""
    found = [find(names, p) for p in LEFT_OUT.values()]
    return min([i for i in found if i is not None] or [len(names)])


def prefix(names, count, patches, where):
    """Write a series of the first @count patches; returns where it is."""
    shutil.rmtree(where, ignore_errors=True)
    os.makedirs(where)
    for name in names[:count]:
        shutil.copy(f"{patches}/{name}", where)
    with open(f"{where}/series", "w") as f:
        f.write("".join(f"{name}\n" for name in names[:count]))
    return where


def more(tree, patch, reverse):
    """Apply one more patch to @tree, at whatever line, or refuse."""
    cmd = ["patch", "-p1", "-d", tree, "--fuzz=0", "--batch", "-s", "-i",
           os.path.abspath(patch)] + (["-R"] if reverse else [])
    for dry in (["--dry-run"], []):
        done = subprocess.run(cmd + dry, capture_output=True, text=True)
        if done.returncode:
            why = (done.stdout + done.stderr).strip().split("\n")[0]
            raise Refused(f"{os.path.basename(patch)} does not apply"
                          f"{' in reverse' if reverse else ''} ({why})")


def stamp(tree, text):
    with open(f"{tree}/.stamp", "a") as f:
        f.write(text)


def prepare(what, linux, tree):
    """tools/linux-src, or refuse."""
    done = subprocess.run([f"{TOP}/tools/linux-src", what, linux, tree],
                          stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Refused(done.stderr.strip().replace("\n", "; "))


def changed(base, patch, reverse, linux, tree):
    """A tree from series @base and one more patch, made again if need be."""
    want = f"{'-' if reverse else '+'} {open(patch).read()}"
    now = ""
    if os.path.exists(f"{tree}/.stamp"):
        now = open(f"{tree}/.stamp").read()
    if now.endswith(want):
        # linux-src compares what was there before the patch.
        with open(f"{tree}/.stamp", "w") as f:
            f.write(now[:-len(want)])
        before = os.stat(tree).st_ino
        prepare(base, linux, tree)
        if os.stat(tree).st_ino == before:
            stamp(tree, want)
            return
    else:
        shutil.rmtree(tree, ignore_errors=True)
        prepare(base, linux, tree)
    try:
        more(tree, patch, reverse)
    except Refused:
        shutil.rmtree(tree)
        raise
    stamp(tree, want)


def candidates(variant, linux, work, patches=f"{TOP}/patches/2.6.17", extra=""):
    """Yield (how, tree) of the ways to make a variant, the best one first.

    @extra is one more patch, for stock and ours only."""
    names = series(patches)
    tree = f"{work}/src/{variant}"
    if variant in ("stock", "ours"):
        what = "stock" if variant == "stock" else patches
        if extra:
            tree += "-" + os.path.basename(extra).split(".")[0]
            changed(what, extra, False, linux, tree)
        else:
            prepare(what, linux, tree)
        yield variant, tree
    elif variant == "rfc":
        count = last_before(names)
        base = prefix(names, count, patches, f"{work}/series/rfc")
        changed(base, f"{TOP}/tests/bench/rfc.patch", False, linux, tree)
        yield f"first {count} patches with the RFC's arithmetic", tree
    else:
        at = find(names, LEFT_OUT[variant[len("ours-without-"):]])
        try:
            changed(patches, f"{patches}/{names[at]}", True, linux, tree)
            yield f"{names[at]} reversed", tree
        except Refused:
            pass
        base = prefix(names, at, patches, f"{work}/series/{variant}")
        prepare(base, linux, tree)
        yield f"series up to before {names[at]}", tree

"""What 'make bench' compares, as steps from the pristine tree (harness/tree.py).

  stock   what today's tools can build
  rfc     the series up to the first of the patches below, with the arithmetic
          of the RFC (rfc.patch)
  ours    the whole series
  ours-without-X
          the series with one patch reversed; if that does not apply or does
          not build, the series up to before that patch
"""

import os
import re

from harness import Refused, tree

HERE = os.path.dirname(os.path.abspath(__file__))
# What a patch's name contains.
LEFT_OUT = {"hot-page": r"(?<!in-)hot-page",
            "gdt": r"gdt-in-hot-page",
            "thread-info": r"percpu-offset-in-thread_info"}


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
        return f"no patch named like {pattern} in the series"
    return ""


def last_before(names):
    """How many patches come before the first that can be left out."""
    found = [find(names, p) for p in LEFT_OUT.values()]
    return min([i for i in found if i is not None] or [len(names)])


def candidates(kernel, variant, extra=""):
    """[(how, name, steps)] of the ways to make a variant, the best one first.

    @extra is one more patch, for stock and ours only."""
    names, patches = kernel.series(), kernel.patches
    base = tree.steps(kernel, "stock")
    if variant in ("stock", "ours"):
        what = "stock" if variant == "stock" else "patched"
        more = f"-{os.path.basename(extra).split('.')[0]}" if extra else ""
        return [(variant, what + more, tree.steps(kernel, what, extra))]
    if variant == "rfc":
        count = last_before(names)
        return [(f"first {count} patches with the RFC's arithmetic", "rfc",
                 base + [(patches, names[:count]),
                         (f"{HERE}/rfc.patch", None)])]
    at = find(names, LEFT_OUT[variant[len("ours-without-"):]])
    return [(f"{names[at]} reversed", variant,
             base + [(patches, names), (f"{patches}/{names[at]}", "-R")]),
            (f"series up to before {names[at]}", variant,
             base + [(patches, names[:at])])]


def prepare(kernel, variant, linux, extra=""):
    """Yield (how, tree) of the ways that apply; refuse if there is none."""
    why = None
    for how, name, steps in candidates(kernel, variant, extra):
        try:
            yield how, tree.prepare(kernel, name, steps, linux)
        except Refused as refused:
            why = refused
    if why:
        raise why

"""What tests/bench/first-chunks computes and prints.

A result is (cpus, workload, variant, run, metric, value). results.tsv has these
as columns, after lines that begin with "#": how they were made.
"""

import statistics

import results

COLUMNS = ("cpus", "workload", "variant", "run", "metric", "value")
# What is compared: which kernel, and what it is told.
VARIANTS = {
    "embed": ("stock", ""),
    "embed2": ("patched", ""),
    "windows": ("patched", "percpu_modules=1M"),
    "page": ("stock", "percpu_alloc=page"),
    "page+windows": ("patched", "percpu_alloc=page percpu_modules=1M"),
}
BASE, AGAIN, OURS = "embed", "embed2", "windows"
# Cycles, to say which row is worse than another; not printed.
WALK, FIRST = 30, 8
FORMS = ("Variants: embed is stock; embed2 the patched kernel without a "
         "parameter; windows\nthe patched kernel with percpu_modules=1M; page "
         "stock with percpu_alloc=page;\npage+windows the patched kernel with "
         "both.")


def per_operation(told):
    """{workload: {metric: value}}: for each metric the median of the rounds."""
    out = {}
    for name, ops, rounds in told:
        out[name] = {metric: statistics.median(r[metric] for r in rounds) / ops
                     for metric in rounds[0]}
    return out


def repeated(measured):
    """Lines: how many counts differ in the boots that were repeated, which are
    taken out of @measured unless they do; {(cpus, variant, run): {...}}."""
    out = []
    for cpus, variant, run in [k for k in measured if k[2] == "again"]:
        again = measured.pop((cpus, variant, run))
        once = measured.get((cpus, variant, 0))
        if once is None:
            continue
        names = [(w, m) for w in once for m in once[w]]
        differ = sum(once[w][m] != again[w][m] for w, m in names)
        if differ:
            measured[cpus, variant, run] = again
        out.append(f"the same boot again, {cpus} CPU{'s' * (cpus > 1)}, "
                   f"{variant}: {differ} of {len(names)} counts differ")
    return out


class Results:
    """All runs: medians, how far they are apart, and whether two variants are
    further apart than that."""

    def __init__(self, found):
        self.values = {}
        for cpus, workload, variant, _, metric, value in found:
            key = (int(cpus), workload, metric)
            self.values.setdefault(key, {}).setdefault(variant, []).append(
                float(value))

    def rows(self, metric):
        """[(cpus, workload)] that have it."""
        return [(c, w) for c, w, m in self.values if m == metric]

    def get(self, cpus, workload, metric, variant):
        """The median of its runs, or None."""
        runs = self.values.get((cpus, workload, metric), {}).get(variant)
        return statistics.median(runs) if runs else None

    def noise(self, cpus, workload, metric):
        """How far apart runs are that should be the same: those of one
        variant, the furthest, or embed's and embed2's."""
        runs = self.values[cpus, workload, metric]
        alike = [runs.get(BASE, []) + runs.get(AGAIN, [])]
        alike += [v for name, v in runs.items() if name not in (BASE, AGAIN)]
        return max((max(v) - min(v) for v in alike if v), default=0)

    def change(self, cpus, workload, metric, variant=OURS):
        """Against embed; None if one of them is missing."""
        ours = self.get(cpus, workload, metric, variant)
        base = self.get(cpus, workload, metric, BASE)
        return None if ours is None or base is None else ours - base

    def beyond_noise(self, cpus, workload, metric, variant=OURS):
        """No run of the variant is within those of embed and embed2."""
        runs = self.values[cpus, workload, metric]
        alike = runs.get(BASE, []) + runs.get(AGAIN, [])
        ours = runs.get(variant, [])
        return bool(alike and ours) and (min(ours) > max(alike) or
                                         max(ours) < min(alike))


def misses(model):
    """The metrics of a model: walks, misses of the first level."""
    return model, f"{model}_first"


def cost(res, cpus, workload, model):
    walks, first = (res.change(cpus, workload, m) or 0 for m in misses(model))
    return WALK * walks + FIRST * (first - walks)


def number(value):
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 1000 else \
        f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"


def cell(res, cpus, workload, metric, variant):
    """A figure; a star says that it is further from embed than the noise."""
    text = number(res.get(cpus, workload, metric, variant))
    star = variant not in (BASE, AGAIN) and \
        res.beyond_noise(cpus, workload, metric, variant)
    return text + ("*" if star else " ")


def table(res, model, variants):
    """[heading, [cells]...]: both metrics of a model, the worst row first."""
    walks, first = misses(model)
    rows = sorted(res.rows(walks), key=lambda r: -cost(res, *r, model))
    out = [["CPUs", "workload"] + [f"{v} " for v in variants] +
           ["noise"] + [f"| {v} " for v in variants[:1]] +
           [f"{v} " for v in variants[1:]] + ["noise"]]
    for row in rows:
        cells = [str(row[0]), row[1]]
        for n, metric in enumerate((walks, first)):
            these = [cell(res, *row, metric, v) for v in variants]
            if n:
                these[0] = f"| {these[0]}"
            cells += these + [number(res.noise(*row, metric))]
        out.append(cells)
    return out


def instructions(res, variants):
    rows = [r for r in res.rows("insns")]
    rows.sort(key=lambda r: -(res.change(*r, "insns") or 0) /
              (res.get(*r, "insns", BASE) or 1))
    out = [["CPUs", "workload"] + [f"{v} " for v in variants] +
           ["noise", f"{OURS} in %"]]
    for row in rows:
        change, base = res.change(*row, "insns"), \
            res.get(*row, "insns", BASE)
        out.append([str(row[0]), row[1]] +
                   [cell(res, *row, "insns", v) for v in variants] +
                   [number(res.noise(*row, "insns")),
                    results.percent(1 + change / base)
                    if change is not None and base else "-"])
    return out


MACHINE = {"percpu_kb": "Percpu: of /proc/meminfo after boot, kB",
           "free_kb": "MemFree and CPUs' lists after boot, kB",
           "boot_ms": "boot to init, ms (one instruction a ns)",
           "text_bytes": "kernel's code, sum of symbols, bytes",
           "data_bytes": "kernel's data, sum of symbols, bytes"}


def whole_machine(res, variants):
    """Memory, time to boot, sizes; the largest difference between runs."""
    out = [["CPUs", "what"] + [f"{v} " for v in variants] + ["noise"]]
    for metric, title in MACHINE.items():
        for cpus, workload in res.rows(metric):
            digits = 1 if metric == "boot_ms" else 0
            values = [res.get(cpus, workload, metric, v) for v in variants]
            out.append([str(cpus), title] +
                       ["- " if v is None else f"{v:.{digits}f} "
                        for v in values] +
                       [f"{res.noise(cpus, workload, metric):.{digits}f}"])
    return out


def worst(res, models, how_many=10):
    """Lines: where windows adds most beyond the noise, of all models."""
    found = []
    for title, model in models.items():
        for metric, what in zip(misses(model),
                                ("page walks", "first-level misses")):
            for row in res.rows(metric):
                change, base = res.change(*row, metric), \
                    res.get(*row, metric, BASE)
                if change and res.beyond_noise(*row, metric) and change > 0:
                    found.append((change, row, title, what, base))
    found.sort(key=lambda f: -f[0] * (WALK if f[3] == "page walks" else FIRST))
    return [f"{title}, {cpus} CPU{'s' * (cpus > 1)}, {workload}: "
            f"{number(base)} -> {number(base + change)} {what} (+"
            f"{number(change)})"
            for change, (cpus, workload), title, what, base in
            found[:how_many]]


def as_text(cells):
    """Two columns of text, then figures."""
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return "\n".join(" ".join(
        [row[0].rjust(widths[0]), row[1].ljust(widths[1])] +
        [c.rjust(w) for c, w in zip(row[2:], widths[2:])]).rstrip()
        for row in cells)


def write_tsv(path, head, found):
    with open(path, "w") as f:
        f.write("".join(f"# {line}\n" for line in head))
        f.write("\t".join(COLUMNS) + "\n")
        for row in found:
            f.write("\t".join(str(c) for c in row[:-1]) + f"\t{row[-1]:.4f}\n")


def read_tsv(path):
    """(head, results)"""
    head, found = [], []
    with open(path) as f:
        lines = f.read().rstrip("\n").split("\n")
    while lines and lines[0].startswith("# "):
        head.append(lines.pop(0)[2:])
    if not lines or tuple(lines.pop(0).split("\t")) != COLUMNS:
        raise results.Garbled(f"{path}: no line {' '.join(COLUMNS)}")
    for n, line in enumerate(lines, len(head) + 2):
        fields = line.split("\t")
        if len(fields) != len(COLUMNS):
            raise results.Garbled(f"{path}:{n}: {len(fields)} columns")
        found.append((*fields[:-1], float(fields[-1])))
    return head, found


def complete(path):
    """Refuse a measurement without one of the variants or machines."""
    head, found = read_tsv(path)
    have = {(int(cpus), variant) for cpus, _, variant, _, metric, _ in found
            if metric == "insns"}
    missing = [f"{variant} on {cpus} CPUs" for cpus in (1, 4)
               for variant in VARIANTS if (cpus, variant) not in have]
    if missing or not any(line.endswith("; failed: 0") for line in head):
        raise results.Garbled(f"{path}: not complete (" + (
            f"without {missing[0]}" if missing else "something failed") +
            "); run 'make bench KERNEL=6.1'")


NOT_MEASURED = """\
These are models of the data TLB fed with every access of an emulated machine,
not measurements of one. Not in them: time (no nanoseconds, no cycles),
caches, the structures that make a walk cheaper (paging-structure caches,
prefetched or speculative walks), the instructions that share the second level,
invlpg, PCID and PTI (the kernel is booted with nopti nopcid), hyperthreads.
CPUs run in turn, an instruction taking 1 ns on each. The linear mapping has
pages of 1 GiB where memory allows. noise: how far apart runs are that should
be the same, of one variant with other initramfs, or of embed and embed2.
A star: all runs are outside those of embed and embed2."""

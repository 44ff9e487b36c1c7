"""What 'make bench' computes from what the QEMU plugin counted: values for one
operation, modelled time, how far variants are from stock.

results.tsv has lines that begin with "#", how it was made, then a line of
column names, then a line for each workload of each boot: counts for one
operation, of all CPUs together. The workload "kernel" has the kernel's bytes.
"""

import collections
import re
import statistics

# Models of tests/bench/tlb.c, and what their metrics begin with.
MODELS = {"P4": "p4", "K8": "k8", "Core2": "core2"}
TODAY = {"Skylake": "skylake", "Zen2": "zen2", "Goldmont": "goldmont"}
TITLES = {"p4": "Pentium 4", "k8": "K8", "core2": "Core 2"}

# What time is modelled of, in cycles. An instruction is one, and these take as
# long as they are published to take, nothing overlapping: the latencies of
# imul of registers, of a shift by a constant, of lea with a factor, and of a
# load that hits the first-level cache.
#
#   p4: Intel, "IA-32 Intel Architecture Optimization Reference Manual"
#	(248966), appendix C, models 0 to 2 (model 3, Prescott: 10, 1, 1, 4);
#	lea as gcc's pentium4_cost and a shift have it.
#   k8: AMD, "Software Optimization Guide for AMD64 Processors" (25112),
#	appendix C.
#   core2: Intel, "64 and IA-32 Architectures Optimization Reference Manual"
#	(248966), appendix C, family 06_0FH.
#
# All of them are in Agner Fog, "Instruction tables", as measured. What a miss
# takes is published by nobody in one figure, as it depends on where the page
# tables are in the caches: taken for all are 30 cycles for a page walk and 8
# for a miss of the first level that the second answers.
Cost = collections.namedtuple("Cost", "imul shift lea load first walk")
COSTS = {"p4": Cost(14, 4, 4, 2, 8, 30),
         "k8": Cost(3, 1, 2, 3, 8, 30),
         "core2": Cost(3, 1, 1, 3, 8, 30)}

COUNTS = ("insns", "imul", "shift", "lea", "loads", "stores")
BYTES = ("text_bytes", "rodata_bytes", "data_bytes", "free_kb")
KEYS = ("config", "cpus", "workload", "variant", "run")
METRICS = (*COUNTS, *(f"{m}{of}" for m in MODELS.values()
                      for of in ("_first", "")), *BYTES)
BASE, AGAIN = "stock", "stock2"
TOO_NOISY = 5      # percent of modelled time


class Garbled(Exception):
    """Output that is not what a measurement looks like."""


def rounds(plugin, models):
    """[{"insns": n, ..., "p4": walks, "p4_first": misses of the first level,
    ...}], one for each line of the plugin."""
    out = []
    for line in plugin.strip().split("\n"):
        found = re.fullmatch(r"\d+((?: \w+=\d+)+)((?: \w+:"
                             r"(?:\w+=\d+/\d+,?)+)*)", line)
        this, names = {}, []
        if found:
            this = {name: int(n) for name, n in
                    re.findall(r"(\w+)=(\d+)", found.group(1))}
            for name, regions in re.findall(r"(\w+):(\S+)", found.group(2)):
                names.append(name)
                pairs = re.findall(r"=(\d+)/(\d+)", regions)
                if name in models:
                    this[f"{models[name]}_first"] = sum(
                        int(first) for first, _ in pairs)
                    this[models[name]] = sum(int(walk) for _, walk in pairs)
        if names != list(models) or not set(COUNTS) <= set(this):
            raise Garbled(f"plugin wrote '{line[:60]}'")
        out.append(this)
    return out


def told(console, plugin, models):
    """[(workload, operations in a round, its rounds)]: what the guest says it
    ran, and what the plugin counted."""
    names = re.findall(r"BENCH (\S+) (\d+) (\d+)\s*$", console, re.M)
    lines = rounds(plugin, models) if plugin.strip() else []
    if len(lines) != sum(int(n) for _, n, _ in names):
        raise Garbled(f"{len(lines)} measurements, but the guest told of "
                      f"{sum(int(n) for _, n, _ in names)}")
    out = []
    for name, count, ops in names:
        these, lines = lines[:int(count)], lines[int(count):]
        out.append((name, int(ops), these))
    return out


def measured(console, plugin):
    """{workload: {metric: value for one operation}}.

    Of the rounds of a workload the one with the fewest instructions counts:
    it has the fewest ticks in it, most often none.
    """
    out = {}
    for name, ops, these in told(console, plugin, MODELS):
        best = min(these, key=lambda r: (r["insns"], r["p4"]))
        out[name] = {metric: n / ops for metric, n in best.items()}
    return out


PARTS = ("instructions", "imul", "shift, lea", "loads", "misses")


def parts(values, model):
    """What the modelled time of one operation is the sum of, in cycles."""
    cost = COSTS[model]
    first, walks = values[f"{model}_first"], values[model]
    return {"instructions": values["insns"],
            "imul": (cost.imul - 1) * values["imul"],
            "shift, lea": (cost.shift - 1) * values["shift"] +
            (cost.lea - 1) * values["lea"],
            "loads": (cost.load - 1) * values["loads"],
            "misses": cost.walk * walks + cost.first * (first - walks)}


def derived(values):
    """@values and what follows from them."""
    out = dict(values)
    for model in MODELS.values():
        if model in values:
            for part, cycles in parts(values, model).items():
                out[f"{model}_{part}"] = cycles
            out[f"{model}_time"] = sum(parts(values, model).values())
    return out


class Results:
    """All boots: (config, cpus, workload), variant, run, {metric: value}."""

    def __init__(self, found):
        self.runs = {}
        for key, variant, run, values in found:
            self.runs.setdefault(key, {}).setdefault(variant, []).append(
                derived(values))
        self.variants = list(dict.fromkeys(
            v for of in self.runs.values() for v in of))

    def keys(self, metric="insns"):
        """What was run on stock and has that metric."""
        return [key for key, of in self.runs.items()
                if metric in of.get(BASE, [{}])[0]]

    def values(self, key, variant, metric):
        return [run[metric] for run in self.runs.get(key, {}).get(variant, [])
                if metric in run]

    def get(self, key, variant, metric):
        """The median of its runs, or None."""
        values = self.values(key, variant, metric)
        return statistics.median(values) if values else None

    def change(self, key, variant, metric):
        """Against stock, in percent; None if one of them is missing, or
        stock's is next to nothing."""
        base, this = (self.get(key, v, metric) for v in (BASE, variant))
        if this is None or base is None or base < 0.05:
            return None
        return 100 * (this - base) / base

    def noise(self, key, metric):
        """How far apart runs of one kernel are, in percent of stock: those of
        stock and of stock again, or of the variant where they are farthest."""
        base = self.get(key, BASE, metric)
        if not base or base < 0.05:
            return None
        both = self.values(key, BASE, metric) + self.values(key, AGAIN, metric)
        runs = [both] + [self.values(key, v, metric) for v in self.variants
                         if v not in (BASE, AGAIN)]
        return 100 * max(max(r) - min(r) for r in runs if r) / base

    def beyond_noise(self, key, variant, metric):
        """No run of the variant is within those of stock and stock again."""
        both = self.values(key, BASE, metric) + self.values(key, AGAIN, metric)
        own = self.values(key, variant, metric)
        return bool(both and own) and (min(own) > max(both) or
                                       max(own) < min(both))

    def worst(self, variant, cpus=None, models=tuple(MODELS.values())):
        """[(change of modelled time in percent, key, model)], largest cost
        first, of all configurations, workloads and models but what is too
        noisy."""
        found = [(self.change(key, variant, f"{model}_time"), key, model)
                 for key in self.keys() if not self.too_noisy(key)
                 for model in models if cpus in (None, key[1])]
        return sorted((f for f in found if f[0] is not None),
                      key=lambda f: -f[0])

    def too_noisy(self, key):
        """Whether runs of one kernel differ so much that nothing can be told."""
        return any((self.noise(key, f"{model}_time") or 0) > TOO_NOISY
                   for model in MODELS.values())


def repeated(once, again):
    """How many counts differ in a boot that was repeated, and of how many."""
    counts = [(o, w, m) for o, (_, _, _, w) in zip(once, again) for m in w]
    return sum(o[3].get(m) != w[m] for o, w, m in counts), len(counts)


def write_tsv(path, head, found):
    with open(path, "w") as f:
        f.write("".join(f"# {line}\n" for line in head))
        f.write("\t".join(KEYS + METRICS) + "\n")
        for (config, cpus, workload), variant, run, values in found:
            cells = [f"{values[m]:.3f}".rstrip("0").rstrip(".")
                     if m in values else "-" for m in METRICS]
            f.write("\t".join([config, str(cpus), workload, variant, str(run),
                               *cells]) + "\n")


def read_tsv(path):
    """(head, what Results takes)"""
    with open(path) as f:
        lines = f.read().rstrip("\n").split("\n")
    head, found = [], []
    while lines and lines[0].startswith("# "):
        head.append(lines.pop(0)[2:])
    if not lines or tuple(lines.pop(0).split("\t")) != KEYS + METRICS:
        raise Garbled(f"{path}: no line of columns {' '.join(KEYS)} ...")
    for n, line in enumerate(lines, len(head) + 2):
        cells = line.split("\t")
        if len(cells) != len(KEYS + METRICS):
            raise Garbled(f"{path}:{n}: {len(cells)} columns")
        config, cpus, workload, variant, run = cells[:len(KEYS)]
        found.append(((config, int(cpus), workload), variant, run, {
            m: float(cell) for m, cell in zip(METRICS, cells[len(KEYS):])
            if cell != "-"}))
    return head, found


def ordered(rows, column):
    """Values of a column, in the order they first appear."""
    return list(dict.fromkeys(row[column] for row in rows))


def percent(ratio):
    """+1.23 as a table shows it; equal is 0, next to equal 0.00."""
    text = "0" if ratio == 1 else f"{100 * (ratio - 1):+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text


def signed(change):
    """A change in percent."""
    return "-" if change is None else f"{change:+.1f}".replace(
        "+0.0", "0.0").replace("-0.0", "0.0")


def plain(value):
    """A figure: to a tenth if it is small."""
    return "-" if value is None else \
        f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}"


def as_text(cells):
    """The first column is text, then figures."""
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0])] +
                  [c.rjust(w) for c, w in zip(row[1:], widths[1:])]).rstrip()
        for row in cells)


def as_markdown(cells):
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    rule = "|---|" + "---:|" * (len(cells[0]) - 1)
    return "\n".join([lines[0], rule] + lines[1:])

"""What 'make bench' computes from what the QEMU plugin counted: values for
each operation, ratios to stock, the tables.

A result is (config, workload, variant, metric, value). results.tsv has these
as columns, and ratio_to_stock: "-" where stock has none, or 0.
"""

import re

COLUMNS = ("config", "workload", "variant", "metric", "value",
           "ratio_to_stock")
# Models of tests/bench/tlb.c, and what their metrics begin with.
MODELS = {"P4": "p4", "K8": "k8", "Core2": "core2"}
TODAY = {"Skylake": "skylake", "Zen2": "zen2", "Goldmont": "goldmont"}
WALK = 30       # cycles, in modelled time; an instruction is one
VARIANTS = ("stock", "stock2", "rfc", "ours", "ours-without-hot-page",
            "ours-without-gdt", "ours-without-thread-info")


class Garbled(Exception):
    """Output that is not what a measurement looks like."""


def rounds(plugin, models):
    """[{"insns": n, "p4": walks, "p4_first": misses of the first level, ...}],
    one for each line of the plugin."""
    out = []
    for line in plugin.strip().split("\n"):
        if line.startswith("window "):
            continue
        found = re.fullmatch(r"\d+ insns=(\d+) loads=\d+ stores=\d+((?: \w+:"
                             r"(?:\w+=\d+/\d+,?)+)*)", line)
        counts = {}
        for name, regions in re.findall(r"(\w+):(\S+)",
                                        found.group(2) if found else ""):
            pairs = re.findall(r"=(\d+)/(\d+)", regions)
            counts[name] = [sum(int(p[n]) for p in pairs) for n in (0, 1)]
        if list(counts) != list(models):
            raise Garbled(f"plugin wrote '{line[:60]}'")
        this = {"insns": int(found.group(1))}
        for name, (first, walks) in counts.items():
            this[models[name]] = walks
            this[f"{models[name]}_first"] = first
        out.append(this)
    return out


def window_pages(plugin):
    """Pages of the windows that were accessed."""
    found = re.search(r"^window pages=(\d+)$", plugin, re.M)
    if not found:
        raise Garbled("the plugin did not tell the pages of the windows")
    return int(found.group(1))


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
    it has the fewest interrupts in it, most often none.
    """
    out = {}
    for name, ops, these in told(console, plugin, MODELS):
        best = min(these, key=lambda r: (r["insns"], r["p4"]))
        values = {"kernel_instructions": best["insns"] / ops}
        for model in MODELS.values():
            values[f"{model}_misses"] = best[model] / ops
            values[f"{model}_misses_per_1000"] = \
                1000 * best[model] / best["insns"]
            values[f"{model}_time"] = \
                (best["insns"] + WALK * best[model]) / ops
        out[name] = values
    return out


def with_ratios(results):
    """Rows of results.tsv from results."""
    stock = {(c, w, m): value for c, w, v, m, value in results if v == "stock"}
    rows = []
    for config, workload, variant, metric, value in results:
        base = stock.get((config, workload, metric))
        ratio = f"{value / base:.5f}" if base else "-"
        rows.append((config, workload, variant, metric, f"{value:.3f}", ratio))
    return rows


def write_tsv(path, rows):
    with open(path, "w") as f:
        for row in [COLUMNS] + rows:
            f.write("\t".join(row) + "\n")


def read_tsv(path):
    """Rows as dictionaries; value is a number, ratio_to_stock one or None."""
    lines = open(path).read().strip().split("\n")
    if tuple(lines[0].split("\t")) != COLUMNS:
        raise Garbled(f"{path}: the first line is not {' '.join(COLUMNS)}")
    out = []
    for n, line in enumerate(lines[1:], 2):
        fields = line.split("\t")
        if len(fields) != len(COLUMNS):
            raise Garbled(f"{path}:{n}: {len(fields)} columns")
        row = dict(zip(COLUMNS, fields))
        row["value"] = float(row["value"])
        ratio = row["ratio_to_stock"]
        row["ratio_to_stock"] = None if ratio == "-" else float(ratio)
        out.append(row)
    return out


def ordered(rows, column):
    """Values of a column, in the order they first appear."""
    return list(dict.fromkeys(row[column] for row in rows))


def percent(ratio):
    """+1.23 as a table shows it; equal is 0, next to equal 0.00."""
    text = "0" if ratio == 1 else f"{100 * (ratio - 1):+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text


def plain(value):
    """Bytes in full, other figures to five digits."""
    return f"{value:.0f}" if value >= 10000 else f"{value:.5g}"


def cell(row):
    """The change against stock; where stock has next to none, the value."""
    if row is None:
        return ""
    if row["ratio_to_stock"] is None:
        return "0" if row["value"] == 0 else f"0 -> {row['value']:.3g}"
    return percent(row["ratio_to_stock"])


def table(rows, config, metric):
    """[heading, [cells]...]: workloads down, stock's value, then changes in
    percent for each other variant; for misses per 1,000, their values."""
    rows = [r for r in rows if r["config"] == config and
            r["metric"] == metric]
    if not rows:
        return []
    have = ordered(rows, "variant")
    variants = [v for v in VARIANTS if v in have and v != "stock"]
    at = {(r["workload"], r["variant"]): r for r in rows}
    absolute = metric.endswith("_per_1000")

    def show(row):
        if row is None:
            return ""
        if absolute:
            return f"{row['value']:.3f}"
        return plain(row["value"]) if row["variant"] == "stock" else cell(row)

    out = [["workload", "stock"] + variants]
    for workload in ordered(rows, "workload"):
        out.append([workload] + [show(at.get((workload, v)))
                                 for v in ["stock"] + variants])
    return out


SUMMARY = {"kernel_instructions": "kernel instructions",
           "p4_misses": "Pentium 4 misses", "k8_misses": "K8 misses",
           "core2_misses": "Core 2 misses", "p4_time": "Pentium 4 time"}


def summary(rows, config, variant):
    """[heading, [cells]...]: a variant's changes against stock in percent,
    workloads down, the one with the worst modelled time first; last the noise,
    how far stock2 is from stock in instructions, Pentium 4 misses and time."""
    rows = [r for r in rows if r["config"] == config]
    at = {(r["workload"], r["variant"], r["metric"]): r for r in rows}
    workloads = [w for w in ordered(rows, "workload")
                 if (w, variant, "p4_time") in at]
    workloads.sort(key=lambda w: -(at[w, variant, "p4_time"]["ratio_to_stock"]
                                   or 1))
    out = [["workload"] + list(SUMMARY.values()) + ["noise"]]
    for w in workloads:
        noise = [cell(at.get((w, "stock2", m)))
                 for m in ("kernel_instructions", "p4_misses", "p4_time")]
        out.append([w] + [cell(at.get((w, variant, m))) for m in SUMMARY] +
                   [" / ".join(noise)])
    return out


SIZES = {"text_bytes": "kernel text", "rodata_bytes": "read-only data",
         "data_bytes": "data", "percpu_bytes_per_cpu": "per-CPU areas, each"}


def sizes(rows, config, variant):
    """One sentence: what the kernel takes, on stock and with a variant."""
    at = {(r["variant"], r["metric"]): r for r in rows
          if r["config"] == config and r["workload"] == "kernel"}
    parts = []
    for metric, title in SIZES.items():
        stock, other = at.get(("stock", metric)), at.get((variant, metric))
        if stock and other:
            parts.append(f"{title} {stock['value']:.0f} -> "
                         f"{other['value']:.0f} ({cell(other)} %)")
    return f"Bytes: {', '.join(parts)}." if parts else ""


def as_text(cells):
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0])] +
                  [c.rjust(w) for c, w in zip(row[1:], widths[1:])]).rstrip()
        for row in cells)


def as_markdown(cells):
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    rule = "|---|" + "---:|" * (len(cells[0]) - 1)
    return "\n".join([lines[0], rule] + lines[1:])

"""What 'make bench' prints and 'make bench-report' puts into documents: a page
of tables, the largest cost first, a summary for README, a plot."""

import os
import re
import statistics
import textwrap
from xml.sax.saxutils import escape

import variants
from harness import Refused, paths
from results import (AGAIN, BASE, COSTS, MODELS, PARTS, TITLES, TOO_NOISY,
                     Garbled, Results, as_markdown, plain, read_tsv, signed)

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
TSV = "Documentation/bench.tsv"
TSV_TODAY = "Documentation/bench-6.1.tsv"

OURS = "ours"
WHAT = {BASE: "stock", AGAIN: "stock again", "rfc": "the RFC's arithmetic",
        "mapped": "static data mapped",
        "number": "ours, by the CPU's number", OURS: "ours"}
WORST = 14      # rows
HOW = f"""\
Time is modelled, in cycles, for what all CPUs do in the kernel for one
operation: 1 for an instruction and more for slow ones ({'; '.join(
    f'{TITLES[m]}: imul {c.imul}, shift {c.shift}, load {c.load}'
    for m, c in COSTS.items())}), {COSTS['p4'].walk} for a page walk in a \
model of the data TLB, {COSTS['p4'].first} for a
miss that a second level answers: see `tests/bench/results.py`. Not in it:
caches, branches, locked and privileged instructions, what overlaps, what CPUs
wait for each other, as they run in turn. Figures are changes against stock in
percent. Noise: how far apart runs of one kernel are, stock and stock again
taken as one; a star says that no run of ours is within those of stock.
`pinned_` is on one CPU, `cross_` on two, others anywhere; `cold_` starts each
operation with empty TLBs."""


def others(res):
    return [v for v in res.variants if v not in (BASE, AGAIN)]


def titled(name):
    """'rfc' and the like as in a table's heading."""
    return WHAT.get(name, name)


def named(key, model=""):
    config, cpus, workload = key
    return ", ".join([f"{cpus} CPU{'s' * (cpus > 1)}", workload] +
                     [TITLES.get(model)] * bool(model) +
                     [config] * (config != "small"))


def worst_rows(res):
    """Largest cost of ours first, over everything."""
    rest = [v for v in others(res) if v != OURS]
    out = [["what", "stock, cycles", "ours", "noise", *PARTS,
            *(titled(v) for v in rest)]]
    for change, key, model in res.worst(OURS)[:WORST]:
        metric = f"{model}_time"
        base = res.get(key, BASE, metric)
        out.append(
            [named(key, model), plain(base), signed(change) +
             "*" * res.beyond_noise(key, OURS, metric),
             signed(res.noise(key, metric)).lstrip("+")] +
            [signed(100 * (res.get(key, OURS, f"{model}_{part}") -
                           res.get(key, BASE, f"{model}_{part}")) / base)
             for part in PARTS] +
            [signed(res.change(key, v, metric)) for v in rest])
    return out


def all_cpus(res):
    return sorted({cpus for _, cpus, _ in res.keys()})


def noise_of(res, cpus, models):
    return max((res.noise(key, f"{m}_time") or 0 for key in res.keys()
                if key[1] == cpus and not res.too_noisy(key)
                for m in models), default=0)


def noisy(res):
    """What is in no table of costs, and how far ours is from stock there."""
    return ", ".join(
        f"{named(key)} ({signed(res.change(key, OURS, 'p4_time'))} %, noise "
        f"{signed(res.noise(key, 'p4_time')).lstrip('+')} %)"
        for key in res.keys() if res.too_noisy(key)) or "none"


def more_misses(res):
    """Where each run of ours has more page walks than each of stock."""
    found = []
    for key in res.keys():
        for model in MODELS.values():
            stock = res.values(key, BASE, model) + res.values(key, AGAIN, model)
            ours = res.values(key, OURS, model)
            if stock and ours and min(ours) - max(stock) > 0.05:
                found.append(f"{named(key, model)} "
                             f"({plain(max(stock))} to {plain(min(ours))})")
    return ", ".join(found) or "none"


def by_model(res):
    """For each number of CPUs and model: the worst and the middle of each."""
    rows = []
    for cpus in all_cpus(res):
        for model in MODELS.values():
            cells = [f"{cpus}, {TITLES[model]}"]
            for variant in [AGAIN, *others(res)]:
                changes = res.worst(variant, cpus, (model,))
                cells += [f"{signed(changes[0][0])} / " + signed(
                    statistics.median(c[0] for c in changes))
                    if changes else "-"]
            ours = res.worst(OURS, cpus, (model,))
            rows.append((-ours[0][0] if ours else 0, cells + [
                ours[0][1][2] if ours else "-"]))
    rows.sort(key=lambda r: r[0])
    return [["CPUs, model", *(titled(v) for v in [AGAIN, *others(res)]),
             "worst of ours"]] + [cells for _, cells in rows]


COUNTED = ("context_switch context_switch_96p cold_context_switch udp udp_200p "
           "tcp nanosleep fork exec page_fault cross_context_switch_96p "
           "cold_cross_context_switch").split()


def counts(res):
    """Instructions, imul and Pentium 4 misses of some, one machine of each:
    that with most CPUs."""
    variants = [v for v in [BASE, AGAIN, *others(res)] if v in res.variants]
    rows = []
    for workload in COUNTED:
        keys = [key for key in res.keys() if key[2] == workload and
                key[0] == "small" and (key[1] == 1 or
                                       "cross" in workload)]
        for key in sorted(keys, key=lambda k: k[1]):
            rows.append((res.change(key, OURS, "p4_time") or 0,
                         [named(key)] + [" / ".join(
                             plain(res.get(key, v, m)) for v in variants)
                             for m in ("insns", "imul", "p4")]))
    rows.sort(key=lambda r: -r[0])
    return [[" / ".join(titled(v) for v in variants), "instructions", "imul",
             "Pentium 4 misses"]] + [cells for _, cells in rows]


def bytes_of(res):
    variants = [v for v in [BASE, *others(res)] if v in res.variants]
    rows = [[" / ".join(titled(v) for v in variants), "text", "read-only data",
             "data", "free after boot, KiB"]]
    for key in res.keys("text_bytes"):
        if key[0] == "small" or key[1] == 1:
            rows.append([named(key).replace(", kernel", "")] + [" / ".join(
                f"{res.get(key, v, m) or 0:.0f}" for v in variants)
                for m in ("text_bytes", "rodata_bytes", "data_bytes",
                          "free_kb")])
    return rows


def filled(paragraph):
    return textwrap.fill(" ".join(paragraph.split()), 80,
                         break_long_words=False, break_on_hyphens=False)


def text(head, found):
    res = Results(found)
    if OURS not in res.variants or BASE not in res.variants:
        return "no table without stock and ours\n"
    facts = [line for line in head if not line.startswith(
        ("variant", "configuration"))]
    return "\n\n".join([
        "# What windows for per-CPU data cost and save on 2.6.17",
        filled(f"Printed by `make bench`, put here by `make bench-report` from "
               f"`{TSV}`. {HOW}"), filled("; ".join(facts) + "."),
        f"## The {WORST} largest costs of all, and their parts",
        as_markdown(worst_rows(res)),
        filled("In no table of costs, as runs of one kernel differ by more than "
               f"{TOO_NOISY} %: {noisy(res)}."),
        filled("More page walks than any run of stock has: "
               f"{more_misses(res)}."),
        "## Each number of CPUs and model: worst / middle of all workloads",
        as_markdown(by_model(res)),
        "## Counted for one operation", as_markdown(counts(res)),
        "## Bytes", as_markdown(bytes_of(res))]) + "\n"


def summary(found):
    """For README: the worst of each number of CPUs."""
    res = Results(found)
    cells = [["CPUs", *(titled(v) for v in others(res)), "noise",
              "worst of ours"]]
    rows = []
    for cpus in all_cpus(res):
        ours = res.worst(OURS, cpus)
        rows.append((-ours[0][0], [str(cpus)] + [
            signed(res.worst(v, cpus)[0][0]) for v in others(res)] +
            [signed(noise_of(res, cpus, MODELS.values())).lstrip("+"),
             f"{ours[0][1][2]}, {TITLES[ours[0][2]]}"]))
    rows.sort(key=lambda r: r[0])
    return as_markdown(cells + [r for _, r in rows])


COLOURS = {AGAIN: "#999999", "rfc": "#d95f02", "mapped": "#7570b3",
           "number": "#66c2a5", OURS: "#1b9e77"}


def plot(found):
    """SVG: the worst of each variant and number of CPUs, largest first."""
    res = Results(found)
    bars = []
    for cpus in all_cpus(res):
        for variant in [AGAIN, *others(res)]:
            rows = res.worst(variant, cpus)
            if rows:
                change, key, model = rows[0]
                bars.append((change, variant, f"{titled(variant)}, "
                             f"{named(key, model)}"))
    bars.sort(key=lambda b: -b[0])
    scale = 280 / max(max((abs(b[0]) for b in bars), default=1), 1)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="900" height='
           f'"{50 + 20 * len(bars)}" font-family="sans-serif" font-size="12">',
           '<rect width="100%" height="100%" fill="white"/>',
           '<text x="10" y="20">Largest cost of each variant and number of '
           'CPUs, modelled time against stock in %</text>']
    for n, (change, variant, label) in enumerate(bars):
        y = 40 + 20 * n
        out += [f'<text x="540" y="{y + 12}" text-anchor="end">'
                f'{escape(label)}</text>',
                f'<rect x="550" y="{y}" width="{max(change, 0) * scale:.0f}" '
                f'height="15" fill="{COLOURS.get(variant, "#666666")}"/>',
                f'<text x="{556 + max(change, 0) * scale:.0f}" y="{y + 12}">'
                f'{signed(change)}</text>']
    return "\n".join(out + ["</svg>"]) + "\n"


MARKS = ("<!-- bench -->", "<!-- /bench -->")


def between(text, new):
    """Replace what is between the marks; add them at the end if missing."""
    block = f"{MARKS[0]}\n{new.strip()}\n{MARKS[1]}"
    pattern = re.compile(re.escape(MARKS[0]) + ".*?" + re.escape(MARKS[1]),
                         re.S)
    if pattern.search(text):
        return pattern.sub(lambda _: block, text)
    return f"{text.rstrip()}\n\n{block}\n"


MADE = ("Documentation/bench.md", "Documentation/bench.svg")


def rendered(tsv):
    """{file: what it should be}, from a complete measurement."""
    try:
        head, found = read_tsv(tsv)
    except FileNotFoundError:
        raise Refused(f"no {paths.shown(tsv)}; run 'make bench'")
    except (Garbled, ValueError) as e:
        raise Refused(str(e))
    res = Results(found)
    missing = [" ".join(str(part) for part in (*key, variant)) for key in
               sorted(variants.everything()) for variant in variants.VARIANTS
               if variant not in res.runs.get(key, {})]
    if missing or not any(line.endswith("; failed: 0") for line in head):
        raise Refused(f"{paths.shown(tsv)}: not complete (" + (
            f"without {missing[0]} and {len(missing) - 1} more" if missing
            else "something failed") + "); run 'make bench'")
    block = ("## Measured\n\n" + filled("""\
             The largest change of modelled time against stock 2.6.17 in
             percent, over all workloads, configurations and models of
             processors, for each number of CPUs; noise is how far runs of
             one kernel are apart. How it is made, and what it consists of:
             `Documentation/bench.md`.""") +
             f"\n\n{summary(found)}\n\n"
             "![the same as a plot](Documentation/bench.svg)")
    return {MADE[0]: text(head, found), MADE[1]: plot(found),
            "README.md": between(paths.read(f"{TOP}/README.md"), block)}


def differing():
    """Names of the files that are not as they should be."""
    return [name for name, text in
            rendered(f"{TOP}/{TSV}").items()
            if paths.read(f"{TOP}/{name}") != text]

"""The plot of 'make bench', by gnuplot."""

import os
import shutil
import subprocess

import results

TABLES = {
    "kernel_instructions": "kernel instructions, change against stock in %",
    "p4_misses": "data-TLB misses, Pentium 4, change against stock in %",
    "k8_misses": "data-TLB misses, K8, change against stock in %",
    "core2_misses": "data-TLB misses, Core 2, change against stock in %",
    "p4_time": "modelled time, Pentium 4 (an instruction 1, a walk 30 "
               "cycles), change against stock in %",
    "p4_misses_per_1000": "data-TLB misses per 1,000 kernel instructions, "
                          "Pentium 4",
    "k8_misses_per_1000": "data-TLB misses per 1,000 kernel instructions, K8",
    "core2_misses_per_1000": "data-TLB misses per 1,000 kernel instructions, "
                             "Core 2",
    "text_bytes": "kernel text, bytes",
    "rodata_bytes": "read-only data, bytes",
    "data_bytes": "data without per-CPU section, bytes",
    "percpu_bytes_per_cpu": "per-CPU areas, bytes for each CPU",
}
SHOWN = ("kernel_instructions", "p4_misses", "p4_time")
TITLES = {"kernel_instructions": "kernel instructions",
          "p4_misses": "data-TLB misses, Pentium 4",
          "p4_time": "modelled time, Pentium 4"}


def draw(rows, svg):
    """Bars, a panel for each configuration and metric; says what it did."""
    if not shutil.which("gnuplot"):
        return "no plot: gnuplot is missing; run 'make deps'"
    configs = results.ordered(rows, "config")
    rows = [r for r in rows if not r["workload"].startswith("cold_") and
            r["workload"] != "kernel"]
    have = results.ordered(rows, "variant")
    variants = [v for v in ("stock2", "rfc", "ours") if v in have]
    workloads = results.ordered(rows, "workload")
    at = {(r["config"], r["workload"], r["variant"], r["metric"]):
          r["ratio_to_stock"] for r in rows}
    width, height = 460 * len(SHOWN), 60 + 34 * len(workloads) * len(configs)
    script = [
        f"set terminal svg size {width},{height} font 'sans,11' "
        "background 'white'",
        f"set output '{svg}'",
        f"set multiplot layout {len(configs)},{len(SHOWN)} title "
        "'Change against stock 2.6.17 in %, fewer is better; "
        "stock2 is stock once more, the noise'",
        f"set grid xtics; set yrange [{len(workloads) + 1.4}:-0.6]",
        "set arrow 1 from first 0, graph 0 to first 0, graph 1 nohead "
        "lc 'black'",
        "set key bottom right samplen 1 spacing 0.9 opaque; set tics nomirror;"
        " set style fill solid noborder"]
    colours = {"stock2": "#999999", "rfc": "#d95f02", "ours": "#1b9e77"}
    thick = 0.8 / max(len(variants), 1)
    for config in configs:
        for metric in SHOWN:
            values = {(w, v): at.get((config, w, v, metric))
                      for w in workloads for v in variants}
            changes = [100 * (r - 1) for r in values.values() if r]
            low, high = min(changes + [-0.5]), max(changes + [0.5])
            tics = ", ".join(f"'{w}' {i}" for i, w in enumerate(workloads)
                             ).replace("_", " ")
            script += [f"set title '{config}: {TITLES[metric]}'",
                       f"set ytics ({tics})",
                       f"set xrange [{low * 1.1:.3f}:{high * 1.1:.3f}]"]
            plots, data = [], []
            for n, v in enumerate(variants):
                plots.append(f"'-' using 1:2:(0):1:3:4 with boxxyerror "
                             f"lc rgb '{colours[v]}' title '{v}'")
                for i, w in enumerate(workloads):
                    ratio = values[w, v]
                    change = 100 * (ratio - 1) if ratio else 0
                    top = i - 0.4 + n * thick
                    data.append(f"{change:.4f} {top + thick / 2:.3f} "
                                f"{top:.3f} {top + thick * 0.9:.3f}")
                data.append("e")
            script += ["plot " + ", ".join(plots)] + data
    script.append("unset multiplot")
    done = subprocess.run(["gnuplot"], input="\n".join(script) + "\n",
                          capture_output=True, text=True)
    if done.returncode or not os.path.exists(svg):
        return f"no plot: gnuplot: {done.stderr.strip()[:200]}"
    return svg

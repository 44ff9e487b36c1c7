"""Scenarios, one boot each: tests/scenarios/KERNEL.ini, read and checked.

What every kernel has, the boots of the test kernel, is in testkernel.ini.
"""

import configparser
import fnmatch
import os

from harness import Refused, paths
from harness.judge import wrong_expect
from harness.kernel import Kernel

WHERE = "tests/scenarios"
# Key: default (None: there must be a value), and what it means.
KEYS = {
    "kernel": (None, "its directory in patches/, or testkernel-VARIANT"),
    "smp": (None, "CPUs; of several values each is booted, NAME-CPUS,\n"
            "and NAME stands for all of them"),
    "mem": ("128", "MiB; of several values each is booted, NAME-MEMm"),
    "run": (None, "words for the guest, see tests/guest/init"),
    "append": ("", "arguments for the kernel"),
    "qemu": ("", "arguments for QEMU"),
    "see": ("", "lines that must be on the console, whatever the verdict; only\n"
            "what they ask for may be bad: BUG: and such, 'not ok',\n"
            "'NAME: N errors' with N > 0"),
    "unseen": ("", "lines that must not"),
    "stop": ("", "QEMU is ended when this line comes"),
    "expect": ("passes", "the verdict; all but passes need a line in see that\n"
               "says which"),
    "idle": ("120", "seconds without output"),
    "timeout": ("300", "seconds in all"),
    "group": ("check", "check, stress, or scale (see make scale)"),
    "possible": ("", "test kernel: CPUs that it takes for possible"),
    "arch": ("", "the architecture; without it the kernel's first"),
    "tree": ("patched", "stock or patched"),
    "config": ("base", "fragments in tests/configs/KERNEL, the last one holds"),
    "patch": ("", "a patch over that, for a kernel that misbehaves"),
    "other": ("", "fragments of a kernel whose test modules are in\n"
              "/modules/other; after 'stock', of that tree"),
    "disk": ("", "KIND:MIB of each disk: empty, swap, ext3"),
    "boots": ("1", "how often the machine is started with these disks"),
    "monitor": ("", "commands, with ; between, that QEMU's monitor is sent\n"
                "in turn from plan to end"),
}


def keys():
    """What --help says of them."""
    return "\n".join(f"  {key:<9}" + meaning.replace("\n", f"\n{'':11}")
                     for key, (_, meaning) in KEYS.items())


def load(path):
    ini = configparser.ConfigParser(
        interpolation=None, defaults={k: d for k, (d, _) in KEYS.items()
                                      if d is not None})
    shown = paths.shown(path)
    try:
        with open(path) as f:
            ini.read_file(f)
    except OSError as why:
        raise Refused(f"{shown}: {why.strerror}; scenarios are in {WHERE}")
    except configparser.Error as why:
        raise Refused(f"{shown}: {str(why).splitlines()[0]}")
    return ini


def scenarios(kernel, build=None, where=None):
    """{name: scenario} of a kernel and the test kernel. A scenario is a dict of
    KEYS, with "base", its section's name; "linux", a Kernel, or None."""
    out = {}
    for name in ("testkernel", kernel.get("SCENARIOS") or kernel.name):
        path = f"{where or f'{paths.TOP}/{WHERE}'}/{name}.ini"
        ini = load(path)
        for section in ini.sections():
            for scn in expand(ini, section, kernel, paths.shown(path)):
                if scn["name"] in out:
                    raise Refused(f"[{section}] of {paths.shown(path)}: there "
                                  "is one of that name already")
                out[scn["name"]] = scn
    return out


def wrong_number(values):
    """What should be a number, or several of smp and mem, and is not."""
    for key in ("smp", "mem", "idle", "timeout", "boots"):
        words = values[key].split()
        if not words or not all(word.isdigit() for word in words) or \
                (len(words) > 1 and key not in ("smp", "mem")):
            return f"{key} = {values[key]}: not a number"
    return ""


def expand(ini, section, kernel, path):
    """The scenarios of a section, one for each number of CPUs and MiB."""
    values = dict(ini[section])
    for key in values:
        if key not in KEYS:
            raise Refused(f"'{key}' in [{section}] of {path} is no key; "
                          "tests/boot --help lists them")
    for key in KEYS:
        if key not in values:
            raise Refused(f"[{section}] of {path} has no '{key}'")
    wrong = wrong_number(values) or wrong_expect(values)
    if wrong:
        raise Refused(f"[{section}] of {path}: {wrong}")
    linux = None
    if not values["kernel"].startswith("testkernel-"):
        linux = kernel if values["kernel"] in (
            kernel.name, kernel.get("SCENARIOS")) else \
            find_kernel(values["kernel"], f"[{section}] of {path}")
        its = values["arch"] or linux.archs[0]
        if its not in linux.archs:
            raise Refused(f"[{section}] of {path}: arch {its} is none of "
                          f"{linux.name}'s: {' '.join(linux.archs)}")
        values.update(arch=its, banner=linux["BANNER"], bad=linux.bad,
                      cpus_up=linux["CPUS_UP"])
    cpus, mems = values["smp"].split(), values["mem"].split()
    for smp in cpus:
        for mem in mems:
            name = section + f"-{smp}" * (len(cpus) > 1) + \
                f"-{mem}m" * (len(mems) > 1)
            yield dict(values, name=name, base=section, smp=smp, mem=mem,
                       linux=linux)


def find_kernel(name, where):
    try:
        return Kernel(name)
    except Refused as why:
        raise Refused(f"{where}: {why}")


def select(known, wanted, group, arch):
    """Names: those wanted, * allowed, or without any the group's."""
    if not wanted:
        names = [n for n, s in known.items() if s["group"] == group and
                 (s["arch"] == arch.name or not s["linux"] and
                  arch.name == "i386")]
        if not names:
            raise Refused(f"no scenario of {arch.name} in group '{group}'")
        return names
    names = []
    for want in wanted:
        found = [n for n, s in known.items()
                 if want == s["base"] or fnmatch.fnmatch(n, want)]
        if not found:
            raise Refused(f"no scenario '{want}' in {WHERE}; tests/boot --list "
                          "shows them")
        names += [n for n in found if n not in names]
    return names


def one(known, name):
    """The scenario of that name."""
    return known[select(known, [name], "", None)[0]]

"""Scenarios, one boot each: tests/scenarios/KERNEL.ini, read and checked.

What every kernel has, the boots of the test kernel, is in testkernel.ini.
"""

import configparser
import fnmatch
import re

from harness import Refused, paths
from harness.judge import wrong_expect
from harness.kernel import Kernel

WHERE = "tests/scenarios"
# Key: default (None: there must be a value), and what it means.
KEYS = {
    "kernel": (None, "its directory in patches/, or testkernel-VARIANT"),
    "smp": (None, "CPUs; of several values each is booted, NAME-CPUS,\n"
            "and NAME stands for all of them"),
    "cpus": ("", "CPUs that must come up, if not all of smp"),
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
    "group": ("check", "check, stress, scale, memory (see\nmake scale, make memory)"),
    "initrd": ("", "MiB below which a loader puts the initrd (i386)"),
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


def sections(path):
    """Name and keys of each section; of one that cannot be read, why not."""
    common = {k: d for k, (d, _) in KEYS.items() if d is not None}
    try:
        with open(path) as f:
            text = f.read()
    except OSError as why:
        raise Refused(f"{paths.shown(path)}: {why.strerror}; scenarios are in "
                      f"{WHERE}")
    for part in re.split(r"^(?=\[)", text, flags=re.M):
        ini = configparser.ConfigParser(interpolation=None, defaults=common)
        try:
            ini.read_string(part)
            common = dict(ini.defaults())
            yield from ((name, dict(ini[name])) for name in ini.sections())
        except configparser.Error as why:
            yield part.split("]")[0].lstrip("["), \
                Refused(str(why).splitlines()[-1].strip())


def scenarios(kernel, wrong=None):
    """{name: scenario} of a kernel and the test kernel. A scenario is a dict of
    KEYS, with "base", its section's name; "linux", a Kernel, or None. Why a
    section is none is raised, or put into @wrong, {section: why}."""
    out = {}
    for name in ("testkernel", kernel.get("SCENARIOS") or kernel.name):
        path = f"{paths.TOP}/{WHERE}/{name}.ini"
        for section, values in sections(path):
            try:
                if isinstance(values, Refused):
                    raise values
                new = {s["name"]: s for s in expand(section, values, kernel)}
                if set(new) & set(out):
                    raise Refused("there is one of that name already")
                out.update(new)
            except Refused as why:
                why = Refused(f"[{section}] of {paths.shown(path)}: {why}")
                if wrong is None:
                    raise why
                wrong[section] = why
    return out


def wrong_number(values):
    """What should be a number, or several of smp and mem, and is not."""
    for key in ("smp", "mem", "idle", "timeout", "boots", "cpus",
                "initrd"):
        words = values[key].split()
        if not words and key in ("cpus", "initrd"):
            continue
        if not words or not all(word.isdigit() for word in words) or \
                (len(words) > 1 and key not in ("smp", "mem")):
            return f"{key} = {values[key]}: not a number"
    return ""


def expand(section, values, kernel):
    """The scenarios of a section, one for each number of CPUs and MiB."""
    for key in values:
        if key not in KEYS:
            raise Refused(f"'{key}' is no key; tests/boot --help lists them")
    for key in KEYS:
        if key not in values:
            raise Refused(f"has no '{key}'")
    wrong = wrong_number(values) or wrong_expect(values)
    if wrong:
        raise Refused(wrong)
    linux = None
    if not values["kernel"].startswith("testkernel-"):
        linux = kernel if values["kernel"] in (
            kernel.name, kernel.get("SCENARIOS")) else Kernel(values["kernel"])
        its = values["arch"] or linux.archs[0]
        if its not in linux.archs:
            raise Refused(f"arch {its} is none of {linux.name}'s: "
                          f"{' '.join(linux.archs)}")
        values.update(arch=its, banner=linux["BANNER"], bad=linux.bad,
                      cpus_up=linux["CPUS_UP"])
    cpus, mems = values["smp"].split(), values["mem"].split()
    for smp in cpus:
        for mem in mems:
            name = section + f"-{smp}" * (len(cpus) > 1) + \
                f"-{mem}m" * (len(mems) > 1)
            yield dict(values, name=name, base=section, smp=smp, mem=mem,
                       linux=linux)


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

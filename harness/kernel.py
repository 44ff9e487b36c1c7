"""What a kernel is: the KEY=VALUE lines of patches/KERNEL/base.

The format is what sh and Python's shlex both read. KEY_ARCH, for those keys
that may be so, is for one architecture.
"""

import glob
import os
import re
import shlex

from harness import Refused, arch, paths

DEFAULT = "2.6.17"
# Every kernel has these.
REQUIRED = {
    "VERSION": "what 'make kernelversion' says, or how it begins",
    "TREES": "where to look for the tree, in order: patterns, relative to here",
    "URL": "a tarball to download if it is in none of them, or empty",
    "TREE_PACKAGE": "the Debian package that has it, or empty",
    "TREE_ID": "the git tree id that it must have, or empty",
    "OFFSETS": "yes if the series may apply at other lines, or no; never fuzz",
    "ARCHS": "architectures that it is built for; the first is the default",
    "BEFORE": "directory of the series applied first, or empty",
    "TOOLS": "programs that building it takes",
    "PERCPU_SECTION": "the section of per-CPU data in a module",
    "BANNER": "regular expression: the first line of a boot",
    "CPUS_UP": "what is said when all CPUs are up, %d for how many",
    "BAD": "regular expression, in lines: must not be on a console",
    "RETRY": "lines after which a boot is repeated, whatever is tested",
    "PACKAGES": "what 'make deps' installs",
}
# And these, if it needs them.
OPTIONAL = {
    "BUSYBOX_ARCH": "where BusyBox comes from: musl, or a Debian package",
    "APPEND_ARCH": "more arguments for the kernel",
    "QEMU_ARCH": "more arguments for QEMU",
    "PACKAGES_ARCH": "more packages",
    "MODULES": "directory of test-modules with all its modules; without, the\n"
               "common ones and those in KERNEL and ARCH",
    "SCENARIOS": "another kernel, whose scenarios it has too",
    "GUEST_PROGRAMS_ARCH": "C programs of tests/guest for its guest, no .c",
    "COLUMNS": "of a line of C that its patches may add; 80 without",
    "TREE_LIKE": "the git tree id of a release; of a tree that is another one it\n"
                 "is said, and it is used",
    "COMMIT": "the upstream commit that its tree is, for the mails",
    "PREFIX": "of the mails' subjects, in []; PATCH without",
}


def names():
    """The kernels that there are."""
    return sorted(os.path.basename(os.path.dirname(path))
                  for path in glob.glob(f"{paths.TOP}/patches/*/base"))


def read(path):
    """{key: value} of such a file."""
    try:
        with open(path) as f:
            words = shlex.split(f.read(), comments=True)
    except OSError as why:
        raise Refused(f"{path}: {why.strerror}")
    except ValueError as why:
        raise Refused(f"{path}: {why}; give KEY=VALUE lines, quoted as in sh")
    values = {}
    for word in words:
        key, is_set, value = word.partition("=")
        if not is_set or not re.fullmatch(r"[A-Z][A-Z_]*(_\w+)?", key):
            raise Refused(f"{path}: '{word}' is not KEY=VALUE")
        values[key] = value
    return values


class Kernel:
    """patches/NAME; what is made of it lies in @build/NAME."""

    def __init__(self, name=DEFAULT, build=None):
        if name not in names():
            raise Refused(f"KERNEL={name}: no patches/{name}/base; there are: "
                          f"{' '.join(names())}")
        self.name = name
        self.patches = f"{paths.TOP}/patches/{name}"
        self.base = f"patches/{name}/base"
        self.values = read(f"{self.patches}/base")
        self.paths = paths.Paths(name, build)
        self.check()
        self.archs = self["ARCHS"].split()
        self.version = self["VERSION"]
        self.offsets = self["OFFSETS"] == "yes"

    def __getitem__(self, key):
        return self.values[key]

    def check(self):
        archs = self.values.get("ARCHS", "").split()
        for key in REQUIRED:
            if key not in self.values:
                raise Refused(f"{self.base}: {key} is missing: {REQUIRED[key]}")
        for name in archs:
            if name not in arch.ARCHS:
                raise Refused(f"{self.base}: ARCHS={name}: not in "
                              f"harness/arch.py; there are: "
                              f"{' '.join(arch.ARCHS)}")
        known = {*REQUIRED, *(key.replace("ARCH", name) for key in OPTIONAL
                              for name in archs)}
        for key in self.values:
            if key not in known:
                raise Refused(f"{self.base}: {key} is no key; "
                              "harness/kernel.py lists them")
        if self["OFFSETS"] not in ("yes", "no"):
            raise Refused(f"{self.base}: OFFSETS={self['OFFSETS']}: give yes "
                          "or no")
        for key, where in (("MODULES", f"test-modules/{self.get('MODULES')}"),
                           ("SCENARIOS", "tests/scenarios/"
                            f"{self.get('SCENARIOS')}.ini")):
            if self.get(key) and not os.path.exists(f"{paths.TOP}/{where}"):
                raise Refused(f"{self.base}: {key}={self.get(key)}: no {where}")
        if self["BEFORE"] and not os.path.isfile(
                f"{self.patches}/{self['BEFORE']}/series"):
            raise Refused(f"{self.base}: BEFORE={self['BEFORE']}: no "
                          f"patches/{self.name}/{self['BEFORE']}/series")

    def get(self, key):
        """The value of a key that need not be there, or nothing."""
        return self.values.get(key, "")

    def of(self, key, arch_name):
        """The value of KEY_ARCH, or nothing."""
        return self.values.get(f"{key}_{arch_name}", "")

    def arch(self, name=None):
        """An architecture that this kernel has; without a name its first."""
        if name and name not in self.archs:
            raise Refused(f"ARCH={name}: not one of {self.name}'s: "
                          f"{', '.join(self.archs)}")
        return arch.ARCHS[name or self.archs[0]]

    @property
    def bad(self):
        return "|".join(self["BAD"].split("\n"))

    @property
    def retry(self):
        return [line for line in self["RETRY"].split("\n") if line]

    @property
    def before(self):
        """The directory of the series that comes first, or nothing."""
        return self["BEFORE"] and f"{self.patches}/{self['BEFORE']}"

    def series(self, directory=None):
        """Names of its patches, in order, or of those of a directory."""
        path = f"{directory or self.patches}/series"
        try:
            with open(path) as f:
                lines = [line.split("#")[0].split() for line in f]
        except OSError:
            raise Refused(f"{os.path.dirname(path)}: no series there")
        return [words[0] for words in lines if words]

    def packages(self, arch_name=None):
        its = self.arch(arch_name)
        return " ".join([self["PACKAGES"], self.of("PACKAGES", its.name),
                         its.packages]).split()

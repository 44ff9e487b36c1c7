"""What scripts ask of the harness: python3 -m harness COMMAND ARGUMENT...

  packages KERNEL [ARCH]    what apt-get installs to build and boot it
  value KERNEL KEY          of its base file
  arch ARCH                 what it is, as KEY=VALUE for sh
  find KERNEL [LINUX]       which tree would be used, directory or tarball
  copy KERNEL LINUX DIR     check that tree, replace DIR by it
  get KERNEL stock|patched [LINUX]
                            make our tree; where it is
  id DIR                    its git tree id
  build KERNEL ARCH stock|patched FRAGMENT...
                            build it; where it is
  testkernel [VARIANT]      build it
"""

import dataclasses
import os
import shlex
import sys

from harness import Refused, arch, build, program, tree
from harness.kernel import Kernel


def describe(name):
    if name not in arch.ARCHS:
        raise Refused(f"ARCH={name}: not one of {', '.join(arch.ARCHS)}")
    its = arch.ARCHS[name]
    values = {**dataclasses.asdict(its), "machine": shlex.join(its.machine),
              "prefix": its.prefix, "busybox": its.busybox}
    return "\n".join(f"{key}={shlex.quote(value)}"
                     for key, value in values.items())


def value(name, key):
    kernel = Kernel(name)
    if key not in kernel.values:
        raise Refused(f"{kernel.base}: no {key}")
    return kernel[key]


def copy(name, linux, to):
    kernel = Kernel(name)
    tree.copy(kernel, tree.find(kernel, linux), os.path.abspath(to))


def tree_id(directory):
    if not os.path.isdir(directory):
        raise Refused(f"{directory}: no such directory")
    return tree.tree_id(directory)


def make(name, arch_name, what, *fragments):
    kernel = Kernel(name)
    its = kernel.arch(arch_name)
    return build.build(kernel, its, tree.get(kernel, what), fragments,
                       True).where


# What does it, with how many arguments.
COMMANDS = {
    "packages": (lambda name, its=None: " ".join(Kernel(name).packages(its)),
                 1, 2),
    "value": (value, 2, 2),
    "arch": (describe, 1, 1),
    "find": (lambda name, linux="": tree.find(Kernel(name), linux), 1, 2),
    "copy": (copy, 3, 3),
    "get": (lambda name, what, linux="": tree.get(Kernel(name), what,
                                                  linux).path, 2, 3),
    "id": (tree_id, 1, 1),
    "build": (make, 4, 99),
    "testkernel": (lambda variant="": build.testkernel(variant) and "", 0, 1)}


def main():
    command, args = "".join(sys.argv[1:2]), sys.argv[2:]
    do, least, most = COMMANDS.get(command, (None, 0, 0))
    if not do or not least <= len(args) <= most:
        print(__doc__)
        return 0 if command in ("-h", "--help") else 2
    said = do(*args)
    print(said or "", end="\n" * bool(said))
    return 0


sys.exit(program("harness", main))

"""The harness: finds, patches, builds, boots and judges kernels.

    kernel    what a kernel is: patches/KERNEL/base
    arch      what an architecture is
    paths     names of what lies in build/, locks, and stamps over content
    tree      source trees: found, checked, copied, patched
    build     kernels, test modules, what guests run
    scenario  what is booted: tests/scenarios/KERNEL.ini
    qemu      how it is run
    judge     how it ended
    tap       how that is said

__main__ is what scripts ask: python3 -m harness.

What is wrong with the input is raised as Refused, in one line that says what,
where and what to do; program() prints it.
"""

import argparse
import os
import signal
import subprocess
import sys


class Refused(Exception):
    """Why something cannot be done, and what to do, in one line."""


class Arguments(argparse.ArgumentParser):
    """A program's: its docstring is the help, what is wrong with them one line.
    Nearly all have a kernel, and all its tree."""

    def __init__(self, doc, kernel=True):
        from harness.kernel import DEFAULT
        super().__init__(description=doc,
                         formatter_class=argparse.RawTextHelpFormatter)
        if kernel:
            self.add_argument("--kernel", default=DEFAULT,
                              help="of patches/ (%(default)s)")
        self.add_argument("--linux", default="", metavar="TREE", help="its "
                          "pristine tree or tarball; without, one at hand")

    def error(self, message):
        raise Refused(f"{message}; --help says more")


def start(command, **more):
    """A child that ends with us, and all that it has started."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL,
                            start_new_session=True, **more)


def end(child):
    """End such a child if it still runs."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait()


def terminated(signum, frame):
    raise SystemExit(128 + signum)


def program(name, main):
    """Run a program's main(); its exit status."""
    # What holds a lock has ended its children when it lets go of it.
    signal.signal(signal.SIGTERM, terminated)
    try:
        return main()
    except Refused as why:
        sys.stdout.flush()
        print(f"{name}: {why}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return 130

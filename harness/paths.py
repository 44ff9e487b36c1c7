"""Names of what lies in build/, locks, and stamps. Nothing else makes them up.

    build/KERNEL/pristine               the tree as it came, checked
    build/KERNEL/TREE                   the same with patches: stock, patched...
    build/KERNEL/TREE.stamp             what it was made of (harness/tree.py)
    build/KERNEL/out/ARCH-TREE-CONFIG   a kernel, its modules and initramfs
    build/KERNEL/logs/SCENARIO          a boot
    build/testkernel/VARIANT, build/testkernel/logs/SCENARIO
    build/busybox, build/cross, build/host, build/bench
    build/logs/GROUP.tap

A stamp is a hash of what something is made of. What has the stamp that it should
have is used again.
"""

import contextlib
import fcntl
import hashlib
import os

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = f"{TOP}/build"
BUSYBOX = f"{BUILD}/busybox"
CROSS = f"{BUILD}/cross"
LOGS = f"{BUILD}/logs"


class Paths:
    """Of one kernel."""

    def __init__(self, kernel, build=None):
        self.build = os.path.abspath(build or BUILD)
        self.root = f"{self.build}/{kernel}"
        # One for all, wherever else they build.
        self.pristine = f"{BUILD}/{kernel}/pristine"

    def tree(self, name):
        return f"{self.root}/{name}"

    def out(self, arch, tree, config):
        """Where a kernel is built; @config: fragments, in order."""
        if isinstance(config, str):
            config = config.split()
        return f"{self.root}/out/{'-'.join([arch, tree, *config])}"

    def logs(self, scenario):
        return f"{self.root}/logs/{scenario}"


def shown(path):
    """A path as people read it: from here, if it is below."""
    return os.path.relpath(path, TOP) if f"{path}/".startswith(f"{TOP}/") \
        else path


def stamp(*parts):
    """A hash of strings, bytes and, as lists, of the contents of files."""
    whole = hashlib.sha1()
    for part in parts:
        if isinstance(part, (list, tuple)):
            for path in part:
                with open(path, "rb") as f:
                    part = f.read()
                whole.update(f"{os.path.basename(path)} {len(part)}\n".encode())
                whole.update(part)
        else:
            part = part.encode() if isinstance(part, str) else part
            whole.update(f"{len(part)}\n".encode() + part)
    return whole.hexdigest()


def read(path):
    """What a stamp's file says, or nothing."""
    try:
        with open(path) as f:
            return f.read()
    except FileNotFoundError:
        return ""


def write(path, text):
    """A whole file, or what was there before."""
    with open(f"{path}.tmp", "w") as f:
        f.write(text)
    os.rename(f"{path}.tmp", path)


@contextlib.contextmanager
def lock(path):
    """Hold PATH.lock: of two who make PATH one waits for the other."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(f"{path}.lock", "w") as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"   waiting for who makes {shown(path)}", flush=True)
            fcntl.flock(f, fcntl.LOCK_EX)
        yield

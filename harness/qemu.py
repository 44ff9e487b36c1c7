"""QEMU: how it is started, bounded, ended, and given to a debugger."""

import glob
import os
import re
import selectors
import shlex
import socket
import subprocess
import sys
import tempfile
import time

from harness import paths
from harness.arch import ARCHS

MONITOR_SECONDS = 0.02
PLAN = re.compile(rb"(?:^|\s)1\.\.\d+\r?$", re.M)     # the guest's


def command(kernel, initrd, smp, mem, append, arch=ARCHS["i386"], machine=None,
            extra=()):
    """QEMU's command line. No reboot: who resets shows as an early end."""
    return [arch.qemu, "-kernel", kernel, "-initrd", initrd, "-smp", str(smp),
            "-m", str(mem), "-display", "none", *(machine or arch.machine),
            "-monitor", "none", "-no-reboot", *extra, "-append", append]


def testkernel(directory):
    """The test kernel built there, and its modules as -initrd wants them."""
    names = sorted(os.path.basename(c)[:-2] for d in ("", "testkernel/")
                   for c in glob.glob(f"{paths.TOP}/test-modules/{d}*.c"))
    # QEMU splits the list at commas and each item at the first blank.
    return os.path.join(directory, "testkernel"), ",".join(
        f"{os.path.join(directory, name)}.o x" for name in names)


def bounded(cmd, limit):
    """@cmd, ended after @limit seconds (0: never) whoever else is gone."""
    return ["timeout", "--foreground", "-k", "5", str(limit)] + cmd


class Gdb:
    """QEMU waits for gdb, at a socket."""

    def __init__(self, symbols, path):
        self.path = path
        self.args = ["-S", "-gdb", f"unix:{path},server=on,wait=off"]
        self.line = (f"gdb {shlex.quote(symbols)} -ex "
                     f"{shlex.quote(f'target remote {path}')}")

    def announce(self):
        print("# QEMU waits for gdb. In another terminal, in this directory:\n"
              f"{self.line}", flush=True)


class Monitor:
    """QEMU's monitor, which is sent commands in turn, such as "nmi"."""

    def __init__(self, commands):
        self.commands = [c.strip() for c in commands.split(";")]
        self.dir = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.dir.name, "monitor")
        self.socket, self.sent, self.last = None, 0, 0

    def of(self, cmd):
        """@cmd with this monitor."""
        at = cmd.index("-monitor") + 1
        return cmd[:at] + [f"unix:{self.path},server,nowait"] + cmd[at + 1:]

    def inject(self):
        if not self.socket:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(self.path)
        now = time.monotonic()
        if now - self.last < MONITOR_SECONDS:
            return
        self.last = now
        try:
            command = self.commands[self.sent % len(self.commands)]
            self.socket.sendall(f"{command}\n".encode())
            self.socket.recv(65536)
            self.sent += 1
        except OSError:
            pass                # QEMU has just ended


def clean(data):
    """A console's bytes as text."""
    return data.replace(b"\r", b"").replace(b"\0", b"").decode(
        "utf-8", "replace")


def run(cmd, log_path, idle, limit, show=False, stop="", monitor=None,
        watch=None, gdb=None):
    """Run it; returns the console's text, why it was ended, the exit status.

    Seconds without output, seconds in all: 0 is no bound. @stop ends it when it
    is seen. @monitor is sent commands between the guest's plan and its end.
    @watch is called with the text so far. @gdb is announced when it can attach.
    """
    start = last = time.monotonic()
    # QEMU ends with this program, however that ends.
    proc = subprocess.Popen(["setpriv", "--pdeathsig", "TERM"] +
                            bounded(monitor.of(cmd) if monitor else cmd,
                                    limit and limit + 10),
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)
    data, ended, running = b"", "", True
    sel = selectors.DefaultSelector()
    sel.register(proc.stdout, selectors.EVENT_READ)
    try:
        with open(log_path, "ab") as log:
            while not ended:
                if gdb and os.path.exists(gdb.path):
                    gdb.announce()
                    gdb = None
                now = time.monotonic()
                if idle and now - last > idle:
                    ended = f"no output for {idle} s"
                elif limit and now - start > limit:
                    ended = f"no end after {limit} s"
                elif sel.select(MONITOR_SECONDS if monitor else 0.5):
                    more = os.read(proc.stdout.fileno(), 65536)
                    if not more:
                        running = False
                        break
                    last = time.monotonic()
                    data += more
                    log.write(more)
                    log.flush()
                    if show:
                        sys.stdout.write(clean(more))
                        sys.stdout.flush()
                    if watch:
                        watch(clean(data))
                    if stop and stop.encode() in data:
                        ended = "stopped"
                if monitor and b"END: " not in data and \
                        PLAN.search(data):
                    monitor.inject()
    finally:
        if running:
            proc.terminate()    # timeout passes that on to QEMU
        code = proc.wait()
    return clean(data), ended, code

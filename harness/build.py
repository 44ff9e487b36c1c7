"""Kernels, their test modules, and what guests run: built once, and again when
what they are made of has changed.

CC and HOSTCC, from the environment, choose compilers.
"""

import collections
import glob
import gzip
import os
import re
import shutil
import subprocess
import time

from harness import Refused, end, paths, start

GUEST = f"{paths.TOP}/tests/guest"
MODULES = f"{paths.TOP}/test-modules"
# Of every file of an initramfs: the same files make the same archive.
WHEN = 1150588800

Built = collections.namedtuple(
    "Built", "where image initramfs vmlinux modules config")


def run(command, name, **more):
    """A command of ours, which says itself what is wrong."""
    child = start(command, stderr=subprocess.PIPE, text=True, cwd=paths.TOP,
                  **more)
    try:
        why = [line for line in child.communicate()[1].split("\n") if line]
    finally:
        end(child)
    if child.returncode:
        raise Refused("; ".join(why[-3:]) or f"{name} failed")


def needs(kernel, arch):
    """Refuse now what would fail in a minute."""
    deps = "run 'make deps" + \
        (f" KERNEL={kernel.name}" if len(kernel_names()) > 1 else "") + \
        (f" ARCH={arch.name}" if arch.packages else "") + "'"
    tool = arch.missing()
    if tool:
        raise Refused(f"{tool} is missing; {deps}")
    for tool in kernel["TOOLS"].split():
        if not shutil.which(tool):
            raise Refused(f"{tool} is missing; {deps}")
    if arch.cc_flags and subprocess.run(
            ["gcc", *arch.cc_flags.split(), "-xc", "-o", "/dev/null", "-"],
            input=b"int main(void) { return 0; }", capture_output=True
            ).returncode:
        raise Refused(f"gcc {arch.cc_flags} cannot build programs; {deps}")


def kernel_names():
    return glob.glob(f"{paths.TOP}/patches/*/base")


# ---- what the guest runs -------------------------------------------------------

def busybox(kernel, arch):
    """BusyBox and the file of its links, made or fetched."""
    source = kernel.of("BUSYBOX", arch.name)
    if not source:
        raise Refused(f"patches/{kernel.name}/base: no BUSYBOX_{arch.name}")
    own = arch.busybox if source == "musl" else f"{arch.busybox}-{source}"
    with paths.lock(own):
        if source == "musl":
            run([f"{paths.TOP}/tools/busybox", arch.name], "busybox")
        elif not os.path.exists(f"{own}/busybox"):
            unpack_busybox(own, source, arch)
    return f"{own}/busybox", f"{own}/busybox.links"


def unpack_busybox(own, package, arch):
    """A Debian package's, and its links as that of this machine says them."""
    run([f"{paths.TOP}/tools/fetch-debian", f"{own}/work", f"{package}:amd64",
         f"{package}:{arch.port}"], "fetch-debian", stdout=subprocess.DEVNULL)
    for port in ("amd64", arch.port):
        deb, = glob.glob(f"{own}/work/{package}_*_{port}.deb")
        run(["dpkg", "-x", deb, f"{own}/work/{port}"], "dpkg")
    listed = subprocess.run([f"{own}/work/amd64/bin/busybox", "--list-full"],
                            capture_output=True, text=True).stdout
    paths.write(f"{own}/busybox.links", "".join(
        f"/{line}\n" for line in listed.split()))
    os.rename(f"{own}/work/{arch.port}/bin/busybox", f"{own}/busybox")
    shutil.rmtree(f"{own}/work")


def newc(files):
    """A cpio archive of {path: (mode, bytes)}, directories made as needed."""
    whole = dict(files)
    for path in files:
        while os.path.dirname(path):
            path = os.path.dirname(path)
            whole.setdefault(path, (0o40755, b""))
    out = []
    for path, (mode, data) in [*sorted(whole.items()),
                               ("TRAILER!!!", (0, b""))]:
        fields = (0, mode, 0, 0, 1, WHEN, len(data), 0, 0, 0, 0, len(path) + 1,
                  0)
        head = b"070701" + b"".join(b"%08x" % f for f in fields) + \
            path.encode() + b"\0"
        out += [head, b"\0" * (-len(head) % 4), data, b"\0" * (-len(data) % 4)]
    return b"".join(out)


def content(path, mode=0o100644):
    with open(path, "rb") as f:
        return mode, f.read()


def initramfs(out, files, box, init=f"{GUEST}/init"):
    """BusyBox (see busybox()), an init, what lies beside it in /words, modules
    in /modules, any other file in /bin. BUSYBOX is not run here: the machine
    need not run 32-bit programs."""
    inside = {f"{d}": (0o40755, b"") for d in
              "bin sbin dev proc sys tmp mnt modules".split()}
    inside["init"] = content(init, 0o100755)
    for word in os.listdir(GUEST):
        if word != "init" and not word.endswith(".c"):
            inside[f"words/{word}"] = content(f"{GUEST}/{word}", 0o100755)
    for path in box:
        if not os.path.exists(path):
            raise Refused(f"{path} is not there; run tools/busybox")
    inside["bin/busybox"] = content(box[0], 0o100755)
    # Of a machine that cannot reset itself.
    leave = f"{os.path.dirname(box[0])}/leave"
    if os.path.exists(leave):
        inside["bin/leave"] = content(leave, 0o100755)
    with open(box[1]) as links:
        for link in links.read().split():
            if link != "/bin/busybox":
                inside[link[1:]] = (0o120777, b"/bin/busybox")
    for path in files:
        where = "modules" if path.endswith(".ko") else "bin"
        inside[f"{where}/{os.path.basename(path)}"] = content(
            path, 0o100644 if where == "modules" else 0o100755)
    with open(f"{out}.tmp", "wb") as f:
        f.write(gzip.compress(newc(inside), 9, mtime=0))
    os.rename(f"{out}.tmp", out)


# ---- kernels --------------------------------------------------------------------

def fragment(kernel, arch, config):
    """The lines of fragments of tests/configs/KERNEL/ARCH or above it. Of lines
    for the same option the last one counts."""
    last = {}
    for name in config:
        where = [f"tests/configs/{kernel.name}/{d}{name}"
                 for d in (f"{arch.name}/", "")]
        found = next((p for p in where
                      if os.path.isfile(f"{paths.TOP}/{p}")), None)
        if not found:
            raise Refused(f"configuration '{name}': no {' or '.join(where)}")
        with open(f"{paths.TOP}/{found}") as f:
            for line in f.read().split("\n"):
                option = re.search(r"CONFIG_\w+", line)
                if option:
                    last.pop(option.group(0), None)
                    last[option.group(0)] = line
    return "".join(f"{line}\n" for line in last.values())


def sources(kernel, arch):
    """The test modules of a kernel: common ones, its own, its architecture's,
    with headers; or all that its base says, with a Kbuild."""
    own = kernel.get("MODULES")
    if own:
        return [path for path in sorted(glob.glob(f"{MODULES}/{own}/*"))
                if os.path.isfile(path)]
    return [path for d in ("", f"{arch.name}/", f"{kernel.name}/",
                           f"{kernel.name}/{arch.name}/")
            for path in sorted(glob.glob(f"{MODULES}/{d}*.[ch]"))]


class Build:
    """One kernel being built."""

    def __init__(self, kernel, arch, source, config, progress):
        self.kernel, self.arch, self.source = kernel, arch, source
        self.config = config.split() if isinstance(config, str) else config
        self.where = kernel.paths.out(arch.name, source.name, self.config)
        self.log, self.progress = f"{self.where}/log", progress
        self.began = time.monotonic()

    def make(self, *targets):
        command = ["make", "-C", self.source.path, f"O={self.where}/obj",
                   f"ARCH={self.arch.name}"]
        if self.arch.cross:
            command.append(f"CROSS_COMPILE={self.arch.prefix}")
        if os.environ.get("CC"):
            command.append(f"CC={os.environ['CC']} {self.arch.cc_flags}")
        if os.environ.get("HOSTCC"):
            command.append(f"HOSTCC={os.environ['HOSTCC']}")
        env = {**os.environ, "KCONFIG_ALLCONFIG": f"{self.where}/fragment"}
        for name in ("ARCH", "KERNEL", "MAKEFLAGS", "MFLAGS", "O"):
            env.pop(name, None)
        with open(self.log, "a") as log:
            proc = start([*command, *targets], stdout=log, stderr=log, env=env)
            try:
                while True:
                    try:
                        code = proc.wait(5)
                        break
                    except subprocess.TimeoutExpired:
                        self.tell()
            finally:
                end(proc)
        if code:
            with open(self.log, errors="replace") as log:
                why = re.findall(r".* error: .*|.*undefined reference.*|"
                                 r".*[*][*][*] .*", log.read())[:3]
            raise Refused("; ".join([*why, f"make {targets[-1]} failed; see "
                                     f"{paths.shown(self.log)}"]))

    def tell(self):
        if not self.progress:
            return
        with open(self.log, errors="replace") as log:
            steps = len(re.findall(r"^  [A-Z]", log.read(), re.M))
        print(f"   building {os.path.basename(self.where)}: {steps} steps, "
              f"{time.monotonic() - self.began:.0f} s", flush=True)

    def configure(self, wanted):
        os.makedirs(f"{self.where}/obj", exist_ok=True)
        paths.write(f"{self.where}/fragment", wanted)
        self.make("allnoconfig")
        with open(f"{self.where}/obj/.config") as f:
            got = f.read().split("\n")
        for line in wanted.split("\n"):
            option = re.search(r"CONFIG_\w+", line)
            if line.startswith("CONFIG_") and line not in got:
                raise Refused(f"{line} did not come out of Kconfig; is a "
                              f"dependency missing in tests/configs/"
                              f"{self.kernel.name}?")
            if line.startswith("# ") and line.endswith(" is not set") and \
                    any(g.startswith(f"{option.group(0)}=") for g in got):
                raise Refused(f"{option.group(0)} is set all the same")

    def all(self, configure_only):
        self.stamp = paths.stamp(
            self.source.id, fragment(self.kernel, self.arch, self.config),
            self.arch.prefix, os.environ.get("CC", ""))
        where, kernel = self.where, self.stamp
        image = f"{where}/{self.arch.image}"
        if paths.read(f"{where}/.kernel") != kernel:
            forget(where, "kernel")
            open(self.log, "w").close()
            wanted = fragment(self.kernel, self.arch, self.config)
            self.configure(wanted)
            if configure_only:
                self.make("prepare", "scripts")
                return
            self.make(f"-j{os.cpu_count()}", "all")
            shutil.copy(f"{where}/obj/.config", f"{where}/.config")
            found = [p for p in glob.glob(
                f"{where}/obj/arch/**/{self.arch.image}", recursive=True)
                if os.path.isfile(p)] + [f"{where}/obj/{self.arch.image}"]
            if not os.path.isfile(found[0]):
                raise Refused(f"no {self.arch.image} in {where}/obj")
            shutil.copy(found[0], image)
            paths.write(f"{where}/.kernel", kernel)
            print(f"   built {os.path.basename(where)} in "
                  f"{time.monotonic() - self.began:.0f} s", flush=True)
        if configure_only:
            return
        modules = sources(self.kernel, self.arch)
        stamp = paths.stamp(kernel, modules)
        if paths.read(f"{where}/.modules") != stamp:
            forget(where, "modules")
            shutil.rmtree(f"{where}/modules", ignore_errors=True)
            os.makedirs(f"{where}/modules")
            for path in modules:
                shutil.copy(path, f"{where}/modules")
            if not os.path.exists(f"{where}/modules/Kbuild"):
                with open(f"{where}/modules/Makefile", "w") as f:
                    for path in (p for p in modules if p.endswith(".c")):
                        f.write(f"obj-m += {os.path.basename(path)[:-2]}.o\n")
            # A kernel without a module of its own leaves none.
            symbols = f"{where}/obj/Module.symvers"
            if not os.path.exists(symbols) and \
                    os.path.exists(f"{where}/obj/vmlinux.symvers"):
                shutil.copy(f"{where}/obj/vmlinux.symvers", symbols)
            self.make(f"-j{os.cpu_count()}", f"M={where}/modules", "modules")
            paths.write(f"{where}/.modules", stamp)
        self.pack(stamp)

    def pack(self, modules):
        where, box = self.where, busybox(self.kernel, self.arch)
        stamp = paths.stamp(modules, [
            *box, f"{paths.TOP}/harness/build.py",
            *sorted(glob.glob(f"{GUEST}/*"))])
        if paths.read(f"{where}/.image") != stamp:
            forget(where, "image")
            ours = sorted(glob.glob(f"{where}/modules/*.ko"))
            theirs = sorted(glob.glob(f"{where}/obj/**/*.ko", recursive=True))
            initramfs(f"{where}/initramfs.gz",
                      ours + theirs + self.programs(), box)
            paths.write(f"{where}/.image", stamp)
        return box

    def programs(self):
        """What BusyBox has not, compiled for the guest."""
        names = self.kernel.of("GUEST_PROGRAMS", self.arch.name).split()
        for name in names:
            done = subprocess.run(
                [f"{self.arch.prefix}gcc", *self.arch.cc_flags.split(), "-O2",
                 "-Wall", "-static", "-o", f"{self.where}/{name}",
                 f"{GUEST}/{name}.c"], capture_output=True, text=True)
            if done.returncode:
                raise Refused(f"tests/guest/{name}.c does not build for "
                              f"{self.arch.name}: "
                              f"{done.stderr.strip().split(chr(10))[0]}")
        return [f"{self.where}/{name}" for name in names]

    def built(self):
        where = self.where
        return Built(where, f"{where}/{self.arch.image}",
                     f"{where}/initramfs.gz", f"{where}/obj/vmlinux",
                     f"{where}/modules", f"{where}/.config")


def forget(where, first):
    """What was built there from here on is out of date."""
    order = ["kernel", "modules", "image"]
    for name in order[order.index(first):]:
        if os.path.exists(f"{where}/.{name}"):
            os.remove(f"{where}/.{name}")


def build(kernel, arch, source, config, progress=False, configure_only=False):
    """A kernel of a tree (harness.tree.Tree) and a list of fragments, its test
    modules, its initramfs: Built. configure_only: only as far as one file of it
    can be compiled."""
    needs(kernel, arch)
    one = Build(kernel, arch, source, config, progress)
    fragment(kernel, arch, one.config)
    with paths.lock(one.where):
        os.makedirs(one.where, exist_ok=True)
        one.all(configure_only)
    return one.built()


def testkernel(variant="", out=f"{paths.BUILD}/testkernel", src=None):
    """Build the test kernel, in all variants or one."""
    if not shutil.which("make") or not shutil.which("gcc"):
        raise Refused("make or gcc is missing; run 'make deps'")
    src = src or paths.TOP
    with paths.lock(out):
        done = subprocess.run(
            ["make", "-s", f"-j{os.cpu_count()}", "-C", src, "-f",
             f"{src}/tests/testkernel/Makefile", f"SRC={src}", f"O={out}"] +
            ([f"{out}/{variant}/testkernel"] if variant else []),
            capture_output=True, text=True)
    if done.returncode:
        raise Refused("the test kernel does not build: " +
                      (done.stdout + done.stderr).strip().split("\n")[0])
    return f"{out}/{variant}"

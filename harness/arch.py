"""The architectures: all that the harness knows of each.

What one kernel alone needs is in patches/KERNEL/base. To add an architecture:
a line here, tests/configs/KERNEL/ARCH/base, its name in ARCHS of the base, its
port, and scenarios.
"""

import dataclasses
import os
import shutil

from harness import paths

SERIAL = ("-serial", "stdio")


@dataclasses.dataclass(frozen=True)
class Arch:
    name: str
    image: str              # what is booted, below arch/ or at the top
    qemu: str               # the program
    machine: tuple          # its arguments: the machine and its console
    append: str             # what the kernel is told
    port: str               # Debian's name of it
    gnu: str                # triplets of Debian's libraries of it
    musl: str
    user_flags: str         # for programs of the guest
    cross: str = ""         # prefix of the tools
    cc_flags: str = ""      # what makes its compiler of the machine's own
    ld_flags: str = ""      # the same of ld
    packages: str = ""      # that make deps installs besides
    accessor_skip: str = ""  # instructions that are not part of an access

    @property
    def prefix(self):
        """Of a cross compiler that was unpacked here, or of one installed."""
        own = f"{paths.CROSS}/bin/{self.cross}"
        return own if self.cross and os.access(f"{own}gcc", os.X_OK) else \
            self.cross

    @property
    def busybox(self):
        return paths.BUSYBOX + ("" if self.name == "i386" else
                                f"-{self.name}")

    def missing(self):
        """The program that must be installed first, or nothing."""
        return next((tool for tool in (self.qemu, f"{self.prefix}gcc")
                     if not shutil.which(tool)), "")


ARCHS = {a.name: a for a in (
    Arch("i386", "bzImage", "qemu-system-i386", ("-nodefaults",) + SERIAL,
         "console=ttyS0,115200", "i386", "i386-linux-gnu", "i386-linux-musl",
         "-m32 -march=i686", cc_flags="-m32", ld_flags="-m elf_i386",
         accessor_skip=r"ret|nop|lea\s+0x0\(%esi|xchg\s+%ax|data16|cs nop"),
    Arch("x86_64", "bzImage", "qemu-system-x86_64", SERIAL,
         "console=ttyS0,115200", "amd64", "x86_64-linux-gnu",
         "x86_64-linux-musl", "-m64",
         accessor_skip=r"ret|nop|xchg\s+%ax|data16|cs nop"),
    Arch("arm", "zImage", "qemu-system-arm",
         ("-M", "realview-eb-mpcore", "-audiodev", "none,id=a0",
          "-semihosting-config", "enable=on,userspace=on") + SERIAL,
         "console=ttyAMA0", "armel", "arm-linux-gnueabi", "arm-linux-musleabi",
         "-marm -march=armv5te",
         cross="arm-linux-gnueabi-", packages="qemu-system-arm",
         accessor_skip=r"bx|mov\s+ip, sp|push|sub\s+fp, ip|ldm\s|\.word"),
    Arch("arm64", "Image", "qemu-system-aarch64",
         ("-M", "virt", "-cpu", "cortex-a57", "-nodefaults") + SERIAL,
         "console=ttyAMA0", "arm64", "aarch64-linux-gnu", "aarch64-linux-musl",
         "-march=armv8-a", cross="aarch64-linux-gnu-",
         packages="qemu-system-arm"),
    # QEMU passes no command line to boot/image.
    Arch("s390", "vmlinux", "qemu-system-s390x",
         ("-M", "s390-ccw-virtio", "-nodefaults", "-chardev", "stdio,id=c",
          "-device", "sclplmconsole,chardev=c"),
         "root=/dev/ram0", "s390x", "s390x-linux-gnu", "s390x-linux-musl",
         "", cross="s390x-linux-gnu-", packages="qemu-system-misc",
         accessor_skip=r"br\s+%r14|nopr|bc\s+0"),
)}

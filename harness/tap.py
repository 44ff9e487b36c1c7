"""KTAP lines, numbered and counted; shared by the tools in this directory."""

import sys


class Tap:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        print("TAP version 13")

    def _line(self, ok, name):
        number = self.passed + self.failed + self.skipped + 1
        print(f"{'ok' if ok else 'not ok'} {number} - {name}")
        sys.stdout.flush()

    def ok(self, name):
        self._line(True, name)
        self.passed += 1

    def fail(self, name, why=""):
        self._line(False, f"{name}: {why}" if why else name)
        self.failed += 1

    def skip(self, name, why):
        self._line(True, f"{name} # SKIP {why}")
        self.skipped += 1

    def todo(self, name, why):
        """A failure that is known: TAP does not count it as one."""
        self._line(False, f"{name} # TODO {why}")
        self.skipped += 1

    def check(self, condition, name, why=""):
        if condition:
            self.ok(name)
        else:
            self.fail(name, why)

    def done(self):
        print(f"1..{self.passed + self.failed + self.skipped}")
        return 1 if self.failed else 0

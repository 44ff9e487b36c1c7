"""Judge a console: how did the boot end, and was all seen that had to be?"""

import re

BAD = re.compile(
    r"BUG:|kernel BUG at|Oops|Unable to handle kernel|soft lockup|"
    r"scheduling while atomic|Kernel panic|Bad page state|Badness in|"
    r"sleeping function called from invalid context|Slab corruption|"
    r"slab error|double fault|^not ok", re.M)
BANNER = re.compile(r"Linux version 2\.6\.17|^.*test kernel, not Linux", re.M)
END = re.compile(r"END: (\d+) failed(?: of (\d+))?")


def not_seen(scn, text):
    """The first line that should be on the console and is not, or is."""
    wanted = [s for s in scn["see"].split("\n") if s]
    smp = int(scn["smp"])
    if not scn["stop"] and (smp > 1 or scn["kernel"] != "linux"):
        wanted.append(f"Brought up {smp} CPUs")
    for line in wanted:
        if line not in text:
            return f"never saw: {line}"
    for line in (s for s in scn["unseen"].split("\n") if s):
        if line in text:
            return f"saw: {line}"
    return ""


def judge(scn, text, ended, code):
    """What kind of end this was, and why."""
    missing = not_seen(scn, text)
    if ended == "stopped":
        return ("misses", missing) if missing else ("stops", scn["stop"])
    end = END.search(text)
    bad = BAD.search(text)
    if bad:
        line = text[text.rfind("\n", 0, bad.start()) + 1:]
        return "oopses", line.split("\n")[0].strip()
    if len(BANNER.findall(text)) > int(scn["boots"]):
        return "resets", "more boot banners than boots"
    if ended:
        return "hangs", ended
    if not end:
        if code:
            return "dies", f"QEMU exited with {code}: {text[-200:].strip()}"
        return "resets", "QEMU ended before the end marker"
    if int(end.group(1)):
        failed = re.search(r".*: failed \(.*", text)
        return "fails", failed.group(0) if failed else end.group(0)
    if missing:
        return "misses", missing
    words = len(scn["run"].split())
    if scn["kernel"] == "linux" and scn["arch"] == "i386" and \
            end.group(2) != str(words):
        return "misses", f"{end.group(0)}, not of {words}"
    return "passes", end.group(0)

"""Judge a console: how did the boot end, and was all done that was announced?

The guest announces a TAP plan, 1..N, and gives N results.
"""

import re

# What the test kernel says; of Linux the scenario has it from the base.
BAD = (
    r"BUG:|kernel BUG at|Oops|Unable to handle kernel|soft lockup|"
    r"scheduling while atomic|Kernel panic|Bad page state|Badness in|"
    r"sleeping function called from invalid context|Slab corruption|"
    r"slab error|double fault")
BANNER = "test kernel, not Linux"
CPUS_UP = "Brought up %d CPUs"
# After a time stamp, or what another CPU left without a line's end.
PLAN = re.compile(r"(?:^|\s)1\.\.(\d+)$", re.M)
RESULT = re.compile(r"(?:^|\s)((?:not )?ok) (\d+) - .*$", re.M)
END = re.compile(r"END: (\d+) failed")


def not_seen(scn, text):
    """The first line that should be on the console and is not, or is."""
    wanted = [s for s in scn["see"].split("\n") if s]
    smp = int(scn["smp"])
    if not scn["stop"] and (smp > 1 or scn["kernel"].startswith("testkernel")):
        wanted.append(scn.get("cpus_up", CPUS_UP) % smp)
    for line in wanted:
        if line not in text:
            return f"never saw: {line}"
    for line in (s for s in scn["unseen"].split("\n") if s):
        if line in text:
            return f"saw: {line}"
    return ""


def not_done(scn, text):
    """How the results differ from the plan, or nothing."""
    plan = PLAN.search(text)
    if not plan:
        return "no plan, 1..N, was announced"
    planned = int(plan.group(1))
    words = [w for w in scn["run"].split()
             if not w.startswith(("cpus=", "possible="))]
    if planned < len(words):
        return f"{planned} results planned for {len(words)} words"
    got = [int(r.group(2)) for r in RESULT.finditer(text)
           if r.start() > plan.start()]
    if got != list(range(1, planned + 1)):
        return f"{planned} results planned, got {len(got)}: " + \
            (" ".join(map(str, got[-5:])) or "none")
    return ""


def judge(scn, text, ended, code):
    """What kind of end this was, and why."""
    missing = not_seen(scn, text)
    if ended == "stopped":
        return ("misses", missing) if missing else ("stops", scn["stop"])
    end = END.search(text)
    bad = re.search(scn.get("bad", BAD), text)
    if bad:
        line = text[text.rfind("\n", 0, bad.start()) + 1:]
        return "oopses", line.split("\n")[0].strip()
    if len(re.findall(scn.get("banner", BANNER), text)) > int(scn["boots"]):
        return "resets", "more boot banners than boots"
    if ended:
        return "hangs", ended
    if not end:
        if code:
            return "dies", f"QEMU exited with {code}: {text[-200:].strip()}"
        return "resets", "QEMU ended before the end marker"
    failed = [r.group(0).strip() for r in RESULT.finditer(text)
              if r.group(1) == "not ok"]
    if failed or int(end.group(1)):
        return "fails", failed[0] if failed else end.group(0)
    missing = missing or not_done(scn, text)
    if missing:
        return "misses", missing
    return "passes", end.group(0)

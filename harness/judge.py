"""Judge a console: how did the boot end, and was all done that was announced?

The guest announces a TAP plan, 1..N, and gives N results. Whatever checks itself
says NAME: N errors each time, and whatever is unloaded checks itself. Nothing
that a scenario says of its console is left out for the sake of the verdict that
it expects.
"""

import re

# What the test kernel says; of Linux the scenario has it from the base.
BAD = (
    r"BUG:|kernel BUG at|Oops|Unable to handle kernel|soft lockup|"
    r"scheduling while atomic|Kernel panic|Bad page state|Badness in|"
    r"sleeping function called from invalid context|Slab corruption|"
    r"slab error|double fault|: [0-9a-f]{4} \[#?\d+\]")
BANNER = "test kernel, not Linux"
CPUS_UP = "Brought up %d CPUs"
# After a time stamp, or what another CPU left without a line's end.
PLAN = re.compile(r"(?:^|\s)1\.\.(\d+)$", re.M)
RESULT = re.compile(r"(?:^|\s)(?:not )?ok (\d+) - ", re.M)
END = re.compile(r"END: (\d+) failed")
FAILED = re.compile(r"(?:^|\s)not ok \d+ - .*$", re.M)
CHECKED = re.compile(r"(\S+): \d+ errors\b")
ERRORS = re.compile(r"\S+: 0*[1-9]\d* errors\b")
VERDICTS = ("passes", "fails", "stops", "oopses", "hangs", "resets", "dies",
            "misses")
# Words of the guest that check nothing by themselves; test= has its own plan.
NO_CHECK = ("insmod", "refuse", "offline", "online", "layout", "test")
RELOADS = 100                   # of reload=M


def wrong_expect(scn):
    """What is wrong with what a scenario expects, or nothing."""
    if scn["expect"] not in VERDICTS:
        return f"expect = {scn['expect']}: not one of {' '.join(VERDICTS)}"
    if scn["expect"] != "passes" and not lines(scn, "see"):
        return f"expect = {scn['expect']} needs a line in 'see' that says which"
    if (scn["expect"] == "stops") != bool(scn["stop"]):
        return "'stop' and expect = stops go together"
    return ""


def lines(scn, key):
    return [line for line in scn[key].split("\n") if line]


def bad_lines(scn):
    """What no line may have in it that the scenario does not ask for."""
    return re.compile(f"^.*(?:{scn.get('bad', BAD)}).*$", re.M)


def asked(scn, what, line):
    """Whether the scenario asks for this line, and so for what is bad in it."""
    return any(s in line and what.search(s)
               for s in [*lines(scn, "see"), scn["stop"]] if s)


def not_asked(scn, text):
    """The first bad line that the scenario does not ask for, or nothing."""
    for what in (bad_lines(scn), FAILED, ERRORS):
        for found in what.finditer(text):
            line = found.group(0).strip()
            if not asked(scn, what, line):
                return f"nobody asked for: {line}"
    return ""


def checks(scn):
    """{what must say that it found N errors: how often at least}."""
    want = {}
    for word in scn["run"].split():
        word, _, arg = word.partition("=")
        if word not in NO_CHECK:
            name = arg if word in ("rmmod", "reload") else word
            want[name] = want.get(name, 0) + (
                RELOADS if word == "reload" else 1)
    return want


def wrong_cpus(scn, text):
    """How the CPUs that came up differ, once the guest runs; or nothing."""
    smp = int(scn.get("cpus") or scn["smp"])
    said = scn.get("cpus_up", CPUS_UP)
    got = [int(n) for n in re.findall(
        re.escape(said).replace("%d", r"(\d+)"), text)]
    if any(n != smp for n in got):
        return f"{got} CPUs were brought up, not {smp}"
    if not got and PLAN.search(text) and \
            (int(scn["smp"]) > 1 or scn["kernel"].startswith("testkernel")):
        return f"never saw: {said % smp}"
    return ""


def not_done(scn, text):
    """How the results differ from the plan, or nothing."""
    plan = PLAN.search(text)
    if not plan:
        return "no plan, 1..N, was announced"
    planned, words = int(plan.group(1)), scn["run"].split()
    if planned < len(words):
        return f"{planned} results planned for {len(words)} words"
    got = [int(r.group(1)) for r in RESULT.finditer(text)
           if r.start() > plan.start()]
    if got != list(range(1, planned + 1)):
        return f"{planned} results planned, got {len(got)}: " + \
            (" ".join(map(str, got[-5:])) or "none")
    return ""


def not_checked(scn, text):
    """What should have said that it found N errors, and has not; or nothing."""
    said = CHECKED.findall(text)
    for name, least in checks(scn).items():
        if said.count(name) < least:
            return f"never saw: {name}: N errors" if least == 1 else \
                f"saw '{name}: N errors' {said.count(name)} of {least} times"
    return ""


def not_as_said(scn, text):
    """What contradicts the scenario, whatever verdict that expects."""
    for line in lines(scn, "see"):
        if line not in text:
            return f"never saw: {line}"
    for line in lines(scn, "unseen"):
        if line in text:
            return f"saw: {line}"
    return not_asked(scn, text)


def end_of(scn, text, ended, code):
    """How the boot ended, and why."""
    what = bad_lines(scn)
    bad = [m.group(0).strip() for m in what.finditer(text)]
    if scn["expect"] != "oopses":
        bad = [line for line in bad if not asked(scn, what, line)]
    end = END.search(text)
    if bad:
        return "oopses", bad[0]
    if len(re.findall(scn.get("banner", BANNER), text)) > int(scn["boots"]):
        return "resets", "more boot banners than boots"
    if ended == "stopped":
        return "stops", scn["stop"]
    if ended:
        return "hangs", ended
    if not end:
        if code:
            return "dies", f"QEMU exited with {code}: {text[-200:].strip()}"
        return "resets", "QEMU ended before the end marker"
    missing = wrong_cpus(scn, text) or not_done(scn, text)
    failed = FAILED.search(text)
    if failed or int(end.group(1)):
        return ("misses", missing) if missing and scn["expect"] == "fails" \
            else ("fails", (failed or end).group(0).strip())
    missing = missing or not_checked(scn, text)
    if missing:
        return "misses", missing
    return "passes", end.group(0)


def judge(scn, text, ended, code):
    """What kind of end this was, and why; 'strays' if that was expected but
    not all that the scenario says holds."""
    verdict, why = end_of(scn, text, ended, code)
    if verdict != scn["expect"]:
        return verdict, why
    why_not = not_as_said(scn, text)
    if not why_not and verdict != "misses":
        why_not = wrong_cpus(scn, text)
    return ("strays", why_not) if why_not else (verdict, why)

"""Draw the per-CPU windows from the debugfs file percpu_vm/layout, of today's
kernels percpu_stats, or from a console that holds it. Neighbours with the same
owner are drawn as one."""

import re

from harness import Refused

WIDTH = 46


def parse(text, name):
    """The last layout in the text of the file @name, as values, pages per CPU,
    areas and banks."""
    values, pages, areas, banks = {}, {}, [], []
    for line in text.replace("\r", "").split("\n"):
        line = re.sub(r"^(<\d>)?(\[ *\d+\.\d+\] )?", "", line)
        # The console of s390 makes blanks of tabs.
        field = re.match(r"(\w+)[ \t]+(cpu\d+ \d+|\d+ \d+ .+|"
                         r"\d+ [0-9a-f]+|[0-9a-f]+)$", line)
        if not field:
            continue
        word, rest = field.groups()
        if word == "link":
            values, pages, areas, banks = {}, {}, [], []
        if word == "pages" and rest.startswith("cpu"):
            cpu, count = rest.split()
            pages[cpu] = int(count)
        elif word in ("area", "freed"):
            offset, size, owner = rest.split(None, 2)
            areas.append((int(offset), int(size), owner))
        elif word == "bank":
            banks.append(tuple(int(n) for n in rest.split()))
        elif word == "static":
            size, at = rest.split()
            values.update(static=int(size), base=int(at, 16))
        elif word in ("link", "windows"):
            values[word] = int(rest, 16)
        elif re.fullmatch(r"\d+", rest):
            values[word] = int(rest)
    missing = [w for w in ("link", "windows", "stride", "window", "static")
               if w not in values]
    missing += [w for w, found in (("pages", pages), ("bank", banks))
                if not found]
    if missing:
        raise Refused(f"{name}: no layout in it (no line '{missing[0]}')")
    return values, pages, areas, banks


def rows(bank, static, areas, guard):
    """(offset, size, what) of everything in a bank, from its start."""
    at, size = bank
    end, out = at + size, []
    if static and not at:
        at = static
        out.append((0, static, "static"))
    for offset, size, owner in sorted(areas):
        if not bank[0] <= offset < end:
            continue
        if offset > at:
            out.append((at, offset - at, "free"))
        last = out[-1] if out else (0, 0, "")
        if re.sub(r" x\d+$", "", last[2]) == owner and offset == at:
            many = int((re.findall(r" x(\d+)$", last[2]) or [1])[0]) + 1
            out[-1] = (last[0], offset + size - last[0], f"{owner} x{many}")
        else:
            out.append((offset, size, owner))
        at = offset + size
    if at < end:
        out.append((at, end - at, "free"))
    if guard:
        out.append((end, guard, "guard, never mapped"))
    return out


def draw(values, pages, areas, banks):
    per_cpu = ", ".join(f"{cpu} {n}" for cpu, n in pages.items())
    base, window = values["base"], values["window"]
    for bank in sorted(banks):
        # The spare room behind a static section is no window.
        lowmem = bank[0] == 0 and base != values["windows"]
        print(f"{'lowmem' if lowmem else 'window'} of each of {len(pages)} "
              f"CPUs, {bank[1] >> 10} KiB, the first at {base + bank[0]:x}")
        print(f"{'at byte':>9} ┌{'─' * WIDTH}┐ {'bytes':>8}")
        for offset, size, what in rows(bank, values["static"], areas,
                                       0 if lowmem else
                                       values["stride"] - window):
            print(f"{offset - bank[0]:9} │ {what[:WIDTH - 2]:<{WIDTH - 2}} │ "
                  f"{size:8}")
        print(f"{'':9} └{'─' * WIDTH}┘")
    print(f"pages mapped: {per_cpu}; linked at {values['link']:x}")


def parse_stats(text, name):
    """The last percpu_stats in the text of the file @name: values, areas and
    populated parts as (offset, size), owners of variables by offset."""
    values, areas, populated, owners = {}, [], [], {}
    last = text.replace("\r", "").rpartition("Percpu Memory Statistics")[2]
    for line in last.split("\n"):
        line = re.sub(r"^(<\d>)?(\[ *\d+\.\d+\] )?", "", line)
        field = re.match(r" *(\w+) +: +(\d+)(?: +(\w+))?$", line)
        if not field:
            continue
        word, number, rest = field.groups()
        if word == "owner":
            owners[int(number)] = rest
        elif word in ("area", "populated"):
            (areas if word == "area" else populated).append(
                (int(number), int(rest)))
        else:
            values.setdefault(word, int(number))
    for word in ("static_size", "reserved_size", "window_off", "window_size"):
        if word not in values:
            raise Refused(f"{name}: no window in it (no line '{word}'); boot "
                          "with percpu_modules=SIZE")
    return values, areas, populated, owners


def draw_stats(values, areas, populated, owners):
    start, size = values["window_off"], values["window_size"]
    reserved = values["static_size"], values["reserved_size"]
    out = [(0, reserved[0], "static")]
    for begin, length, what in (*((*reserved, "reserved for modules"),),
                                (start, size, "window")):
        at = begin
        for offset, bytes_ in sorted(areas):
            if not begin <= offset < begin + length:
                continue
            if offset > at:
                out.append((at, offset - at, f"free, {what}"))
            names = sorted({owner for there, owner in owners.items()
                            if offset <= there < offset + bytes_})
            out.append((offset, bytes_, ", ".join(names) or "a module"))
            at = offset + bytes_
        if at < begin + length:
            out.append((at, begin + length - at, f"free, {what}"))
        if what != "window":
            end = values.get("unit_size", begin + length)
            out.append((begin + length, end - begin - length, "dynamic"))
    print(f"window of each CPU, {size >> 10} KiB, at {start} of its unit")
    print(f"{'offset':>9} ┌{'─' * WIDTH}┐ {'bytes':>8}")
    for offset, length, what in out:
        print(f"{offset:9} │ {what[:WIDTH - 2]:<{WIDTH - 2}} │ {length:8}")
    print(f"{'':9} └{'─' * WIDTH}┘")
    mapped = sum(length for offset, length in populated
                 if start <= offset < start + size)
    print(f"mapped in the window of each CPU: {mapped} bytes")


def of(text, name):
    """Draw what the text of the file @name holds."""
    if "Percpu Memory Statistics" in text:
        draw_stats(*parse_stats(text, name))
    else:
        draw(*parse(text, name))


def show(path):
    try:
        with open(path, errors="replace") as f:
            text = f.read()
    except OSError as why:
        raise Refused(f"{path or 'no FILE'}: {why.strerror}")
    of(text, path)
    return 0

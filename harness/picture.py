"""Draw the per-CPU windows from the debugfs file percpu_vm/layout, of today's
kernels percpu_stats, or from a console that holds it. Neighbours with the same
owner are drawn as one."""

import re

from harness import Refused

PAGE = 4096
WIDTH = 46


def parse(text, name):
    """The last layout in the text of the file @name, as values, pages per CPU
    and areas."""
    values, pages, areas = {}, {}, []
    for line in text.replace("\r", "").split("\n"):
        line = re.sub(r"^(<\d>)?(\[ *\d+\.\d+\] )?", "", line)
        # The console of s390 makes blanks of tabs.
        field = re.match(r"(\w+)[ \t]+(cpu\d+ \d+|\d+ \d+ .+|[0-9a-f]+)$",
                         line)
        if not field:
            continue
        word, rest = field.groups()
        if word == "link":
            values, pages, areas = {}, {}, []
        if word == "pages" and rest.startswith("cpu"):
            cpu, count = rest.split()
            pages[cpu] = int(count)
        elif word == "area":
            offset, size, owner = rest.split(None, 2)
            areas.append((int(offset), int(size), owner))
        elif word in ("link", "windows"):
            values[word] = int(rest, 16)
        elif re.fullmatch(r"\d+", rest):
            values[word] = int(rest)
    missing = [w for w in ("link", "windows", "stride", "static")
               if w not in values]
    if missing or not pages:
        raise Refused(f"{name}: no layout in it (no line "
                      f"'{missing[0] if missing else 'pages'}')")
    return values, pages, areas


def rows(values, areas):
    """(offset, size, what) of everything in a window, from its start."""
    # A core that lists its static section and guard as areas says so itself.
    at = values["static"]
    out = [(0, at, "static")]
    for offset, size, owner in sorted(areas):
        if offset > at:
            out.append((at, offset - at, "free"))
        last = out[-1]
        if re.sub(r" x\d+$", "", last[2]) == owner and offset == at:
            many = int((re.findall(r" x(\d+)$", last[2]) or [1])[0]) + 1
            out[-1] = (last[0], offset + size - last[0], f"{owner} x{many}")
        else:
            out.append((offset, size, owner))
        at = offset + size
    end = values["stride"] - PAGE
    if at < end:
        out.append((at, end - at, "free"))
    out.append((end, PAGE, "guard, never mapped"))
    return out


def draw(values, pages, areas):
    per_cpu = ", ".join(f"{cpu} {n}" for cpu, n in pages.items())
    size = (values["stride"] - PAGE) >> 10
    print(f"window of each of {len(pages)} CPUs, {size} KiB, "
          f"the first at {values['windows']:x}")
    print(f"{'offset':>9} ┌{'─' * WIDTH}┐ {'bytes':>8}")
    for offset, size, what in rows(values, areas):
        print(f"{offset:9} │ {what[:WIDTH - 2]:<{WIDTH - 2}} │ {size:8}")
    print(f"{'':9} └{'─' * WIDTH}┘")
    slot = values["link"] + values["stride"] == values["windows"]
    print(f"pages mapped: {per_cpu}; link"
          f"{' slot' if slot else 'ed'} at {values['link']:x}"
          f"{', never mapped' if slot else ''}")


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

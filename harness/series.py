"""The series of a kernel: what it touches, how it goes onto a tree and back.

patches/KERNEL is the source. Files that are all ours, and lie at the top of
this repository too, are exported from it.
"""

import os
import re
import shutil
import subprocess
import tempfile

from harness import Refused, paths, tree
from harness.kernel import DEFAULT
from harness.paths import TOP

COVER = "0000-cover-letter"
# Where a file lies here, if not at its path in the kernel tree.
HERE = {"mm/Kconfig.percpu": "Kconfig.percpu"}
# Of these folders, what is not this project's own.
FOLDERS = ("Documentation", "arch", "include", "mm")
PROJECT = ("Documentation/bench", "Documentation/submit-checklist.")
EXCLUDE = "/.pc/\n/patches/\n"
STAT = r"^ \S.* \| +\d+ *\+*-*\n|^ \d+ files? changed.*\n"
FUNCTION = r"^(@@ -\S+ \+\S+ @@) .*"
WHO = "make tree <tree@localhost>"
PERSON = r"\S.* <[^<>@\s]+@([\w.-]+)>"
# Names that RFC 2606 and 6761 keep from being anybody's.
NOBODY = r"(.*\.)?(example(\.\w+)?|invalid|test|local(host|domain)?)"
TAG = r"^(From|Cc|[A-Z][a-z-]*-by): (.*)$"


def sh(cmd, cwd, who=WHO, **more):
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("QUILT_", "GIT_"))}
    name, email = who.rstrip(">").split(" <")
    for role in ("AUTHOR", "COMMITTER"):
        env.update({f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": email})
    # Below a repository, git apply would leave out what is not of it.
    env.update(LC_ALL="C", GIT_CONFIG_GLOBAL="/dev/null",
               GIT_CONFIG_NOSYSTEM="1", GIT_CEILING_DIRECTORIES=os.path
               .dirname(os.path.realpath(cwd)))
    return subprocess.run(cmd, cwd=cwd, env=env, capture_output=True,
                          errors="surrogateescape", text=True, **more)


def must(cmd, cwd, **more):
    done = sh(cmd, cwd, **more)
    if done.returncode:
        raise Refused(f"{' '.join(cmd[:3])} in {cwd}: "
                      f"{(done.stderr or done.stdout).strip()[-200:]}")
    return done.stdout


def read(path):
    with open(path, errors="surrogateescape", newline="") as f:
        return f.read()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(f"{path}.tmp", "w", errors="surrogateescape", newline="") as f:
        f.write(text)
    os.rename(f"{path}.tmp", path)


def patches(kernel, directory=None):
    """{name: text} of the kernel's series, or of that in a directory."""
    directory, found = directory or kernel.patches, {}
    for name in kernel.series(directory):
        if not os.path.isfile(f"{directory}/{name}"):
            raise Refused(f"{paths.shown(directory)}/{name}: in the series, "
                          "not there")
        found[name] = read(f"{directory}/{name}")
    return found


def sides(text):
    """[[old path, new path]] of a patch, -p1; nothing for /dev/null."""
    return [["" if name == "/dev/null" else name.partition("/")[2]
             for name in names] for names in
            re.findall(r"^--- ([^\t\n]+).*\n\+\+\+ ([^\t\n]+)", text, re.M)]


def touched(text):
    """The paths that a patch changes, adds or removes."""
    return {old or new for old, new in sides(text)}


def created(text):
    return {new for old, new in sides(text) if not old}


def state(series):
    """Patches in order as one number."""
    return paths.stamp(*(part.encode("utf-8", "surrogateescape")
                         for both in series.items() for part in both))


# Mails. Patches name no author: that is who sends them, unless somebody else
# has written one.

def wrong_person(person):
    """Why that is not 'NAME <ADDRESS>' of somebody who can be answered."""
    host = re.fullmatch(PERSON, person)
    if not host:
        return "is not 'NAME <ADDRESS>'"
    if "." not in host.group(1) or re.fullmatch(NOBODY, host.group(1).lower()):
        return f"has an address that nobody can answer, at {host.group(1)}"
    return ""


def wrong_people(text):
    """The same of who is named in a patch, before its '---'."""
    return [f"'{tag}: {person}' {wrong_person(person)}" for tag, person in
            re.findall(TAG, text.partition("\n---\n")[0], re.M)
            if wrong_person(person)]


def sender(said=""):
    """Who sends, as it is said or as git knows it."""
    who = said or "{} <{}>".format(*(subprocess.run(
        ["git", "config", f"user.{key}"], cwd=TOP, text=True,
        capture_output=True).stdout.strip() for key in ("name", "email")))
    wrong = wrong_person(who)
    if wrong:
        raise Refused(
            f"who sends? {f'{who!r} {wrong}' if who != ' <>' else ''}; say "
            "FROM='NAME <ADDRESS>', or 'git config user.name NAME' and 'git "
            "config user.email ADDRESS'".replace("? ;", "?"))
    return who


def mail(name, text, who):
    """A patch as it is sent: from its author, signed off by the sender."""
    for wrong in wrong_people(text):
        raise Refused(f"{name}: {wrong}; without that line it is the sender")
    log, mark, rest = text.partition("\n---\n")
    if not log.startswith("From: "):
        log = f"From: {who}\n{log}"
    signed = f"Signed-off-by: {who}"
    if signed not in log.split("\n"):
        tags = all(re.match(TAG, line) for line in
                   log.rpartition("\n\n")[2].split("\n"))
        log += ("\n" if tags else "\n\n") + signed
    return log + mark + rest


# Versions

def since(kernel, version):
    """What happened to each patch since the version before, in words."""
    tag = f"{kernel.name}-v{version - 1}"
    here = os.path.relpath(kernel.patches, TOP)

    def git(*command):
        done = subprocess.run(["git", *command], cwd=TOP, text=True,
                              capture_output=True)
        if done.returncode:
            raise Refused(f"no tag {tag}; give the version that was sent that "
                          f"name: git tag {tag} COMMIT")
        return done.stdout

    was = [line.split("#")[0].strip()
           for line in git("show", f"{tag}:{here}/series").split("\n")]
    was = {name: git("show", f"{tag}:{here}/{name}") for name in was if name}
    now = patches(kernel)
    lists = [("new", [n for n in now if n not in was]),
             ("changed", [n for n in now if n in was and now[n] != was[n]]),
             ("gone", [n for n in was if n not in now])]
    return "".join(f"\n{what} since v{version - 1}:\n" + "".join(
        f"  {n}\n" for n in names) for what, names in lists if names) or \
        f"\nNo patch is new, changed or gone since v{version - 1}.\n"


def cover(kernel, version):
    text = content(f"{kernel.patches}/{COVER}")
    if not text:
        raise Refused(f"{paths.shown(kernel.patches)}/{COVER} is not there")
    if version == 1:
        return text
    mark = f"\nChanges since v{version - 1}:"
    before, found, after = text.partition(mark)
    if not found:
        raise Refused(f"{paths.shown(kernel.patches)}/{COVER}: has no "
                      f"paragraph '{mark.strip()}'")
    change, _, rest = after.partition("\n\n")
    return f"{before}{mark}{change.rstrip()}\n{since(kernel, version)}\n{rest}"


# Our files

def new_files(series):
    """{path: text} of what the patches add, as the last one leaves it."""
    ours = set().union(*(created(text) for text in series.values()))
    with tempfile.TemporaryDirectory() as tree:
        for name, text in series.items():
            mine = ours & touched(text)
            if mine:
                done = sh(["git", "apply", *(f"--include={p}" for p in mine),
                           "-"], tree, input=text)
                if done.returncode:
                    raise Refused(f"{name}: {done.stderr.strip()[-200:]}")
        return {path: read(f"{tree}/{path}") for path in sorted(ours)
                if os.path.exists(f"{tree}/{path}")}


def exported(kernel):
    """{path: text} of our files, as they have to be at the top here: those of
    the kernel that is the default."""
    if kernel.name != DEFAULT:
        return {}
    return {HERE.get(path, path): text
            for path, text in new_files(patches(kernel)).items()}


def not_exported(kernel):
    """{path: how} of our files here that are not what the series makes."""
    made, wrong = exported(kernel), {}
    for path, text in made.items():
        if not os.path.isfile(f"{TOP}/{path}"):
            wrong[path] = "is not here"
        elif read(f"{TOP}/{path}") != text:
            wrong[path] = "differs"
    for folder in FOLDERS if made else ():
        for d, _, files in os.walk(f"{TOP}/{folder}"):
            wrong.update((p, "is in no patch") for p in
                         (os.path.relpath(f"{d}/{f}", TOP) for f in files)
                         if p not in made and not p.startswith(PROJECT))
    return wrong


# On a tree

def applied(directory):
    """Names of the patches that quilt has applied there."""
    return paths.read(f"{directory}/.pc/applied-patches").split()


def apply(kernel, kdir, directories, partly=False):
    """Push these series onto a tree with quilt, on top of what is there, all
    patches or none, or, @partly, those before the first that does not apply;
    how many. They are copied into the tree's own patches/."""
    if not shutil.which("quilt"):
        raise Refused("quilt is missing; run 'make deps'")
    if not os.path.isfile(f"{kdir}/Makefile"):
        raise Refused(f"{kdir}: not a kernel tree (no Makefile)")
    if not os.access(kdir, os.W_OK):
        raise Refused(f"{kdir}: not writable")
    on = applied(kdir)
    where = paths.read(f"{kdir}/.pc/.quilt_patches").strip() or "patches"
    has = tree.applied(kernel, kdir)
    if has:
        raise Refused(f"{kdir}: has the series applied already ({has}); if "
                      "quilt did that, 'quilt pop -a' there takes it off; "
                      "then move its patches/ away")
    if os.path.isabs(where) or where.startswith(".."):
        raise Refused(f"{kdir}: quilt has patches applied there that are kept "
                      f"outside, in {where}; run 'quilt pop -a' and remove "
                      ".pc, or give another tree")
    if os.path.exists(f"{kdir}/{where}") and not on:
        raise Refused(f"{kdir}: has a {where}/ of which quilt has nothing "
                      "applied; run 'quilt push -a' there, or move it away")
    todo = [(d, kernel.series(d)) for d in directories]
    files = [f"{d}/{name}" for d, names in todo for name in names]
    push = must
    with tempfile.TemporaryDirectory() as tmp:
        for path in set().union(*(touched(read(f)) for f in files)):
            if os.path.isfile(f"{kdir}/{path}"):
                write(f"{tmp}/{path}", read(f"{kdir}/{path}"))
        try:
            for directory, names in todo:
                tree.apply(tmp, directory, names, kernel.offsets or bool(on))
        except Refused as why:
            if not partly:
                raise Refused(f"{str(why).replace(tmp, kdir)}; nothing was "
                              f"changed. Is it pristine {kernel.version}?")
            push = sh
    # Without this one, quilt would use one further up.
    os.makedirs(f"{kdir}/{where}", exist_ok=True)
    must(["quilt", "--quiltrc=-", "import", *files], kdir)
    push(["quilt", "--quiltrc=-", "push", "-q", "--fuzz=0", str(len(files))],
         kdir)
    return len(applied(kdir)) - len(on)


def commit(directory, what, new=False):
    for cmd in [["init", "-q"], ["config", "core.autocrlf", "false"],
                ["config", "gc.auto", "0"]] * new + \
            [["add", "-A", "-f", "."],
             ["commit", "-qm", what, "--allow-empty"]]:
        must(["git", *cmd], directory)


def repository(kernel, pristine, where):
    """A new one in the directory @where, of what the series touches there."""
    wanted = set().union(*map(touched, patches(kernel).values()))
    for path in {"Makefile", *wanted}:
        if os.path.isfile(f"{pristine}/{path}"):
            os.makedirs(os.path.dirname(f"{where}/{path}"), exist_ok=True)
            shutil.copy(f"{pristine}/{path}", f"{where}/{path}")
    commit(where, f"Linux {kernel.version}", new=True)


def quilted(kernel, path):
    """The git tree id that quilt gives of a repository's tree, which stays."""
    write(f"{path}/.git/info/exclude", EXCLUDE)
    try:
        apply(kernel, path, [kernel.patches])
        must(["git", "add", "-A", "."], path)
        return must(["git", "write-tree"], path).strip()
    finally:
        must(["rm", "-rf", "patches", ".pc"], path)
        must(["git", "reset", "-q", "--hard"], path)


# A tree to edit: quilt has the series applied, from a copy in patches/. HEAD
# is what it goes onto, HEAD^ is pristine.

def scratch(path, revision, series, where):
    """What the patches touch, as in that revision, in a new repository."""
    wanted = set().union(*map(touched, series.values()))
    has = must(["git", "ls-tree", "-r", "-z", "--name-only", revision], path)
    must(["git", "archive", "-o", f"{where}/.tar", revision, "--",
          *sorted(wanted & set(has.split("\0")))], path)
    must(["tar", "-xf", ".tar"], where)
    os.remove(f"{where}/.tar")
    commit(where, "base", new=True)
    return wanted


def content(path):
    return read(path) if os.path.isfile(path) else None


def edits(path):
    """Files that are not what the applied patches make of HEAD."""
    series = {name: read(f"{path}/patches/{name}") for name in applied(path)}
    changed = must(["git", "status", "--porcelain", "-z", "-uall",
                    "--no-renames"], path)
    changed = {line[3:] for line in changed.split("\0") if line}
    with tempfile.TemporaryDirectory() as where:
        wanted = scratch(path, "HEAD", series, where)
        for name, text in series.items():
            if sh(["git", "apply", "-"], where, input=text).returncode:
                return [f"patches/{name}"]
        return sorted(changed - wanted | {
            p for p in wanted
            if content(f"{path}/{p}") != content(f"{where}/{p}")})


def make_tree(kernel, linux="", download=False):
    """Make it, again if what it was made of is another; what was done."""
    path, series = kernel.paths.tree("tree"), patches(kernel)
    shown, made_of = paths.shown(path), state(series)
    if linux:
        tree.pristine(kernel, linux)
    with paths.lock(path):
        if os.path.exists(path):
            was = paths.read(f"{path}/.git/made-of")
            if not was:
                raise Refused(f"{shown}: something else is there; move it away")
            changed = edits(path)
            if not changed and state(patches(kernel, f"{path}/patches")) != was:
                changed = ["patches, not exported"]
            if changed:
                raise Refused(f"{shown}: edited ({tree.some(changed)}); save "
                              "that with 'quilt refresh' and 'make export', or "
                              f"'rm -r {shown}'")
            if was == made_of:
                return (f"{shown} is there, {len(applied(path))} of "
                        f"{len(series)} patches applied")
            shutil.rmtree(path)
        base, tmp = tree.pristine(kernel, linux, download), f"{path}.tmp"
        shutil.rmtree(tmp, ignore_errors=True)
        try:
            must(["cp", "-a", "--reflink=auto", base.path, tmp], TOP)
            commit(tmp, f"Linux {kernel.version}", new=True)
            if kernel.before:
                tree.apply(tmp, kernel.before, kernel.series(kernel.before),
                           kernel.offsets)
            commit(tmp, f"patches/{kernel.name}/{kernel['BEFORE']}")
            # Not earlier: a tree may have files of these names. 'quilt push
            # -f' writes *.rej.
            write(f"{tmp}/.git/info/exclude", EXCLUDE + "*.rej\n")
            number = apply(kernel, tmp, [kernel.patches], partly=True)
            write(f"{tmp}/.git/made-of", made_of)
            os.rename(tmp, path)
        finally:
            shutil.rmtree(tmp, ignore_errors=True)
        if number < len(series):
            raise Refused(
                f"{shown}: {number} of {len(series)} patches applied with "
                f"quilt, {list(series)[number]} does not apply; there, 'quilt "
                "push -f', mend what it rejects, 'quilt refresh'")
        return f"{shown}: {number} patches applied with quilt"


def parts(text):
    """Changelog, notes and diffstat of a patch."""
    head = re.split(r"^(?:Index: |diff --git |--- \S)", text, 1, re.M)[0]
    log, _, notes = head.partition("\n---\n")
    stat = "".join(re.findall(STAT, notes, re.M))
    return log.rstrip("\n"), re.sub(STAT, "", notes, flags=re.M).strip("\n"), \
        stat


def kept(path, series, was):
    """{name: text} of the tree's patches as they are kept: changelog, '---',
    notes, diffstat, hunks that apply exactly to HEAD^. What does what it did
    stays as it is: quilt gives it another form."""
    found = dict(series)
    with tempfile.TemporaryDirectory() as where:
        scratch(path, "HEAD^", series, where)

        def git(*command):
            return must(["git", *command], where)

        def gives(text):
            """The tree; whether other lines than it says; or what is wrong."""
            git("read-tree", "HEAD")
            done = sh(["git", "apply", "-v", "--cached", "-"], where,
                      input=text)
            if done.returncode:
                return "", done.stderr.strip().splitlines()[-1]
            return git("write-tree"), "(offset " in done.stderr

        for name, text in series.items():
            old = was.get(name, "")
            if parts(text)[:2] == parts(old)[:2] and \
                    gives(old) == (gives(text)[0], False):
                found[name] = text = old
            made, moved = gives(text)
            if not made:
                raise Refused(
                    f"{paths.shown(path)}/patches/{name}: does not apply to "
                    "the pristine tree, without what comes before the series "
                    f"({moved})")
            if text != old or moved:
                log, notes, _ = parts(text)
                stat, diff = (git("diff", "--cached", "--no-renames", how)
                              for how in ("--stat=78,50,20", "--patch"))
                if stat.split() == parts(old)[2].split():
                    stat = parts(old)[2]
                diff = re.sub(r"^index [0-9a-f]+\.\.[0-9a-f]+( \d+)?\n", "",
                              diff, flags=re.M)
                if old and not re.search(FUNCTION, old, re.M):
                    diff = re.sub(FUNCTION, r"\1", diff, flags=re.M)
                found[name] = f"{log}\n---\n" + f"{notes}\n\n" * bool(notes) + \
                    f"{stat}\n{diff}"
            git("commit", "-q", "--allow-empty", "-m", name)
    return found


def take_patches(kernel):
    """Refreshed patches from the tree to patches/KERNEL; their names."""
    path, here = kernel.paths.tree("tree"), patches(kernel)
    shown, was = paths.shown(path), paths.read(f"{path}/.git/made-of")
    if not was:
        return []
    changed, series = edits(path), patches(kernel, f"{path}/patches")
    if changed:
        raise Refused(f"{shown}: {tree.some(changed)}: edited, but in no "
                      "patch; run 'quilt refresh' there")
    if state(series) == was:
        return []
    if state(here) != was:
        raise Refused(f"{shown}/patches and patches/{kernel.name} have both "
                      "changed since 'make tree'; put one into the other by "
                      f"hand, then 'rm -r {shown}'")
    series = kept(path, series, here)
    for to in (kernel.patches, f"{path}/patches"):
        for name, text in series.items():
            if content(f"{to}/{name}") != text:
                write(f"{to}/{name}", text)
        write(f"{to}/series", "".join(f"{name}\n" for name in series))
    for name in set(here) - set(series):
        os.remove(f"{kernel.patches}/{name}")
    write(f"{path}/.git/made-of", state(series))
    return sorted(n for n in {*series, *here} if series.get(n) != here.get(n))


def export(kernel):
    """The tree's refreshed patches, and our files from the series; names of
    what was written."""
    with paths.lock(kernel.paths.tree("tree")):
        record = f"{kernel.paths.root}/exported"
        last = paths.read(record).split("\n")

        def mine(path):
            """What lies here is neither what was exported last nor git's."""
            text = content(f"{TOP}/{path}")
            return text is not None and paths.stamp(path, text) not in last \
                and sh(["git", "diff", "--quiet", "HEAD", "--", path],
                       TOP).returncode

        lost = [p for p in not_exported(kernel) if mine(p)]
        if lost:
            raise Refused(f"{tree.some(lost)}: edited here; such files come "
                          "from the series: 'make tree', make the change "
                          "there, and 'git checkout' the file here")
        done = [f"patches/{kernel.name}/{n}" for n in take_patches(kernel)]
        for path, text in exported(kernel).items():
            last.append(paths.stamp(path, text))
            if content(f"{TOP}/{path}") != text:
                write(f"{TOP}/{path}", text)
                done.append(path)
        paths.write(record, "\n".join(sorted(set(last))))
        for path, how in not_exported(kernel).items():
            raise Refused(f"{path}: {how} of the series; remove it, or put it "
                          "into one")
        return done

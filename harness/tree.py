"""Source trees: the user's is found, checked and copied, never written to;
copies get the series.

LINUX is a directory or a tarball. A tree of ours that somebody edited is kept:
it is built as it is, and said to be edited; when its series changes it is
refused until the edits are out of the way.
"""

import collections
import contextlib
import glob
import os
import re
import shutil
import subprocess
import tempfile

from harness import Refused, paths

Tree = collections.namedtuple("Tree", "name path id")
SAID = set()                    # trees that are said not to be as released


class NoTree(Refused):
    """None was given, and none lies at hand."""


def give(kernel):
    return f"give a {kernel.version} tree or tarball: LINUX=DIR|TARBALL"


def find(kernel, linux="", download=False):
    """The user's tree or tarball: the one that is given, or one at hand."""
    if linux:
        if not os.path.exists(linux):
            raise Refused(f"{linux}: no such directory or file; {give(kernel)}")
        return os.path.abspath(linux)
    cached = f"{kernel.paths.root}/{os.path.basename(kernel['URL'])}"
    for pattern in kernel["TREES"].split() + [cached] * bool(kernel["URL"]):
        for tree in sorted(glob.glob(os.path.join(paths.TOP, pattern))):
            if os.path.isdir(tree) or os.path.isfile(tree):
                return os.path.abspath(tree)
    if os.path.exists(kernel.paths.pristine):
        return kernel.paths.pristine
    why = f"no {kernel.version} tree in {kernel['TREES'].replace(' ', ' or ')}"
    if kernel["TREE_PACKAGE"]:
        raise NoTree(f"{why}; run 'make deps KERNEL={kernel.name}', which "
                     f"installs {kernel['TREE_PACKAGE']}, or {give(kernel)}")
    if not download or not kernel["URL"]:
        raise NoTree(f"{why}; {give(kernel)}")
    os.makedirs(kernel.paths.root, exist_ok=True)
    done = subprocess.run(
        ["curl", "-fsSL", "--connect-timeout", "10", "--max-time", "900", "-o",
         f"{cached}.tmp", kernel["URL"]], capture_output=True, text=True)
    if done.returncode:
        with contextlib.suppress(FileNotFoundError):
            os.remove(f"{cached}.tmp")
        raise NoTree(f"{why}, and {kernel['URL']} cannot be had "
                     f"({done.stderr.strip()}); {give(kernel)}")
    os.rename(f"{cached}.tmp", cached)
    return cached


def git(directory, index, *command, **more):
    """git, with its own files in @index: nothing is written to the tree."""
    env = {**os.environ, "GIT_DIR": index, "GIT_WORK_TREE": directory,
           "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
    for name in ("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        env.pop(name, None)
    if not shutil.which("git"):
        raise Refused("git is missing; run 'make deps'")
    done = subprocess.run(
        ["git", "-c", "core.autocrlf=false", "-c", "core.fileMode=true", "-c",
         "core.bare=false", *command], cwd=directory, env=env,
        capture_output=True, **more)
    if done.returncode:
        raise Refused(f"{paths.shown(directory)}: cannot compute its tree id: "
                      + str(done.stderr).strip().split("\n")[0])
    return done.stdout


def files(directory):
    """All files of a tree, without git's and quilt's own."""
    found = []
    for where, dirs, names in os.walk(directory):
        if where == directory:
            dirs[:] = [d for d in dirs if d not in (".git", ".pc")]
        below = os.path.relpath(where, directory)
        found += [os.path.join(below, n) if below != "." else n for n in
                  names + [d for d in dirs if os.path.islink(f"{where}/{d}")]]
    return found


def tree_id(directory, index=None):
    """Its git tree id. With an @index only what changed is read again."""
    with contextlib.ExitStack() as stack:
        if not index:
            index = stack.enter_context(tempfile.TemporaryDirectory())
        directory = os.path.abspath(directory)
        if not os.path.exists(f"{index}/HEAD"):
            git(directory, index, "init", "-q")
        known = git(directory, index, "ls-files", "-z").decode().split("\0")
        listed = "\0".join(sorted({*files(directory), *known} - {""}))
        git(directory, index, "update-index", "--add", "--remove", "--replace",
            "--info-only", "-z", "--stdin", input=listed.encode())
        return git(directory, index, "write-tree", "--missing-ok").decode() \
            .strip()


def introduced(kernel):
    """{file: the patch of the series that creates it}."""
    found = {}
    for name in kernel.series():
        with open(f"{kernel.patches}/{name}") as f:
            for path in re.findall(r"^diff --git a/(\S+) b/\S+\nnew file mode",
                                   f.read(), re.M):
                found.setdefault(path, name)
    return found


def version(directory):
    """What its Makefile says."""
    with open(f"{directory}/Makefile", errors="replace") as f:
        said = dict(re.findall(r"^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) *="
                               r" *(\S*)$", f.read(2000), re.M))
    return ".".join(said.get(k, "") for k in
                    ("VERSION", "PATCHLEVEL", "SUBLEVEL")).strip(".") + \
        said.get("EXTRAVERSION", "")


def applied(kernel, directory):
    """A file that shows that the series is applied there, or nothing."""
    new = introduced(kernel)
    for path in new:
        if os.path.exists(f"{directory}/{path}"):
            return path
    names = kernel.series()
    if names and not new:
        with open(f"{kernel.patches}/{names[-1]}") as patch:
            if not subprocess.run(
                    ["patch", "-p1", "-R", "-F0", "--dry-run", "-f", "-s"],
                    cwd=directory, stdin=patch, capture_output=True).returncode:
                return names[-1]
    return ""


def check(kernel, directory, what):
    """Refuse what cannot be the tree that the series is for; @what: its name.
    Quick, so that a wrong one need not be copied first."""
    if not os.path.isfile(f"{directory}/Makefile"):
        raise Refused(f"{what}: not a Linux tree (no Makefile); {give(kernel)}")
    has = applied(kernel, directory)
    if has:
        raise Refused(f"{what}: has the series applied already ({has}); give "
                      "a pristine tree")
    says = version(directory)
    if says != kernel.version and not says.startswith(f"{kernel.version}."):
        raise Refused(f"{what}: not {kernel.version} (its Makefile says "
                      f"{says or 'no version'}); {give(kernel)}")


def check_id(kernel, directory, what):
    """Refuse what is that tree, but not as it came."""
    got = tree_id(directory) if kernel["TREE_ID"] else ""
    if got != kernel["TREE_ID"]:
        raise Refused(f"{what}: not pristine {kernel.version} (tree id {got}, "
                      f"not {kernel['TREE_ID']}); {give(kernel)}")


def copy(kernel, linux, to):
    """Check a tree or tarball, and replace @to by a copy of it."""
    tmp = f"{to}.tmp"
    if os.path.isdir(linux):
        check(kernel, linux, linux)
    shutil.rmtree(tmp, ignore_errors=True)
    try:
        try:
            os.makedirs(tmp)
        except OSError as why:
            raise Refused(f"{tmp}: {why.strerror}")
        if os.path.isdir(linux):
            try:
                shutil.copytree(
                    linux, tmp, symlinks=True, dirs_exist_ok=True,
                    ignore=lambda where, names: [".git"] * (where == linux))
            except OSError as why:
                # Of all files that could not be copied, the first.
                why = why.args[0][0][2] if isinstance(why, shutil.Error) \
                    else why
                raise Refused(f"cannot copy {linux} to {tmp} ({why}); is the "
                              "disk full?")
        else:
            done = subprocess.run(
                ["tar", "-C", tmp, "-xf", linux, "--strip-components=1"],
                capture_output=True, text=True)
            if done.returncode:
                raise Refused(f"{linux}: not a whole tarball ("
                              f"{done.stderr.strip().split(chr(10))[0]}); "
                              f"{give(kernel)}")
        check(kernel, tmp, linux)
        check_id(kernel, tmp, linux)
        shutil.rmtree(to, ignore_errors=True)
        os.rename(tmp, to)
    finally:
        shutil.rmtree(tmp, ignore_errors=True)


def apply(directory, series, names, offsets=False):
    """Apply these patches of the directory @series, the last one or none."""
    if not shutil.which("patch"):
        raise Refused("patch is missing; run 'make deps'")
    for name in names:
        apply_one(directory, f"{series}/{name}", offsets)


def apply_one(directory, patch, offsets=False, reverse=False):
    """Apply a patch, exactly or at other lines, never with fuzz; or refuse."""
    command = ["patch", "-p1", "-F0", "-f", "-i", os.path.abspath(patch)] + \
        ["-R"] * reverse
    for dry in (["--dry-run"], []):
        done = subprocess.run(command + dry, cwd=directory, text=True,
                              capture_output=True)
        bad = re.search(r".*FAILED.*|can't find file.*|.*malformed.*" +
                        ("" if offsets else r"|Hunk.*\(offset .*"),
                        done.stdout)
        if done.returncode or bad:
            why = bad.group(0) if bad else \
                (done.stderr + done.stdout).strip().split("\n")[0]
            where = re.findall("^(?:check|patch)ing file (.*)",
                               done.stdout[:bad.end()] if bad else "", re.M)
            why = ": ".join([*where[-1:], why])
            raise Refused(f"{os.path.basename(patch)} does not apply"
                          f"{'' if offsets else ' exactly'}"
                          f"{' in reverse' if reverse else ''} to "
                          f"{paths.shown(directory)} ({why})")


def made(path):
    """What a tree's stamp says: what it was made of, its tree id then."""
    return (paths.read(f"{path}.stamp").split() + ["", ""])[:2]


def edited(path):
    """The files of one of our trees that somebody changed."""
    was, now = made(path)[1], tree_id(path, f"{path}.index")
    if was == now:
        return []
    return git(path, f"{path}.index", "diff-tree", "-r", "--name-only", was,
               now).decode().split("\n")[:-1]


def some(names):
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more"
                                   if len(names) > 3 else "")


def usable(path, recipe):
    """Whether our tree there is made of @recipe already. What is there and not
    ours, or edited and of something else, is refused."""
    if not os.path.isdir(path) or not os.listdir(path):
        return False
    what, _ = made(path)
    if not what:
        raise Refused(f"{paths.shown(path)}: something else is there; move it "
                      "away")
    changed = edited(path)
    if changed and what != recipe:
        raise Refused(f"{paths.shown(path)}: edited ({some(changed)}), and "
                      "what it was made of has changed since; save the edits "
                      f"and 'rm -r {paths.shown(path)}'")
    if changed:
        print(f"   {paths.shown(path)} is edited ({some(changed)}); it is used "
              f"as it is, until 'rm -r {paths.shown(path)}'", flush=True)
    return what == recipe


def finish(path, recipe):
    """Say of what our new tree is made. What differs from the tree that was
    there before gets a new time: it may be older, and what was built from that
    is out of date all the same."""
    index = f"{path}.index"
    os.makedirs(index, exist_ok=True)
    before = ""
    if os.path.exists(f"{index}/index"):
        before = git(path, index, "write-tree", "--missing-ok").decode().strip()
    now = tree_id(path, index)
    if before and before != now:
        for name in git(path, index, "diff-tree", "-r", "-z", "--name-only",
                        before, now).decode().split("\0")[:-1]:
            if os.path.isfile(f"{path}/{name}"):
                os.utime(f"{path}/{name}")
        tree_id(path, index)
    paths.write(f"{path}.stamp", f"{recipe} {now}\n")
    return now


def pristine(kernel, linux="", download=False):
    """A checked copy of the user's tree; what was checked is not again."""
    linux, path = find(kernel, linux, download), kernel.paths.pristine
    if linux == path:
        linux = ""
    with paths.lock(path):
        seen = os.stat(linux) if linux else None
        recipe = paths.stamp(linux, f"{seen.st_mtime_ns} {seen.st_size}",
                             kernel["TREE_ID"]) if linux else made(path)[0]
        if os.path.isdir(path) and os.listdir(path) and made(path)[0]:
            changed = edited(path)
            if changed:
                raise Refused(f"{paths.shown(path)}: edited ({some(changed)}), "
                              "and must be as it came; save the edits and "
                              f"'rm -r {paths.shown(path)}'")
        if not usable(path, recipe):
            copy(kernel, linux, path)
            finish(path, recipe)
        its = made(path)[1]
        if kernel.get("TREE_LIKE") not in ("", its) and path not in SAID:
            SAID.add(path)
            print(f"   {linux or paths.shown(path)}: Linux {version(path)}, but "
                  f"not all as it was released (tree id {its}, not "
                  f"{kernel['TREE_LIKE']}); it is used all the same",
                  flush=True)
        return Tree("pristine", path, its)


def hunks(patch):
    """What a patch does, without what it says of that."""
    with open(patch, "rb") as f:
        return re.split(rb"^(?=diff --git |Index: |--- \S)", f.read(), 1,
                        re.M)[-1]


def prepare(kernel, name, steps, linux="", download=False):
    """Our tree of that name: the pristine one after @steps.

    A step is (directory of a series, [patch...]), or (patch, None) for one
    patch wherever it applies, or (patch, "-R") to take it out.
    """
    base, path = pristine(kernel, linux, download), kernel.paths.tree(name)
    patches = [(d, [f"{d}/{n}" for n in names]) if isinstance(names, list)
               else (names, [d]) for d, names in steps]
    with paths.lock(path):
        recipe = paths.stamp(base.id, *(part for how, names in patches
                                        for part in (str(how) if how == "-R"
                                                     else "",
                                                     *map(hunks, names))))
        if not usable(path, recipe):
            tmp = f"{path}.tmp"
            shutil.rmtree(tmp, ignore_errors=True)
            try:
                done = subprocess.run(["cp", "-a", "--reflink=auto", base.path,
                                       tmp], capture_output=True)
                if done.returncode:
                    raise Refused(f"cannot copy {paths.shown(base.path)} to "
                                  f"{paths.shown(tmp)}; is the disk full?")
                try:
                    for directory, names in steps:
                        if isinstance(names, list):
                            apply(tmp, directory, names, kernel.offsets)
                        else:
                            apply_one(tmp, directory, True, names == "-R")
                except Refused as why:
                    raise Refused(str(why).replace(
                        paths.shown(tmp), f"{linux or paths.shown(base.path)}, "
                        f"Linux {version(base.path)}") +
                        f"; mend it, see CONTRIBUTING.md, or {give(kernel)} "
                        "that it applies to")
                shutil.rmtree(path, ignore_errors=True)
                os.rename(tmp, path)
            finally:
                shutil.rmtree(tmp, ignore_errors=True)
            finish(path, recipe)
        return Tree(name, path, tree_id(path, f"{path}.index"))


def steps(kernel, what, patch=""):
    """What makes of the pristine tree "stock", which today's tools can build,
    or "patched"; and then one more patch."""
    series = [kernel.before] * bool(kernel.before)
    if what == "patched":
        series.append(kernel.patches)
    elif what != "stock":
        raise Refused(f"tree '{what}': neither stock nor patched")
    return [(d, kernel.series(d)) for d in series] + \
        [(patch, None)] * bool(patch)


def get(kernel, what, linux="", patch="", download=False):
    """The tree "stock" or "patched", with one more patch or none."""
    name = what + (f"-{os.path.basename(patch).rsplit('.', 1)[0]}"
                   if patch else "")
    if patch and not os.path.isfile(patch):
        raise Refused(f"{patch}: no such patch")
    return prepare(kernel, name, steps(kernel, what, patch), linux, download)

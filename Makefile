# The front door. 'make help' says what there is.

# Which kernel, a directory of patches/.
KERNEL ?= 2.6.17
# Its pristine tree, directory or tarball; empty: looked for, downloaded.
LINUX ?=
# Another of its architectures; empty: the first that its base names.
ARCH ?=
# The tree that 'make apply' patches; COMPAT=yes: so that today's tools build it.
KDIR ?=
COMPAT ?=
# Of the mails that 'make mbox' writes: 2 for [PATCH v2 ...].
VERSION ?= 1
# From whom they are, 'NAME <ADDRESS>'; empty: git's user.name and user.email.
FROM ?=
# Only patches with this in their names in 'make check-bisect'.
PATCH ?=
# Nothing is skipped in 'make check': 1, or for lack of what nothing is.
STRICT ?=
# Only these scenarios of tests/scenarios/KERNEL.ini in 'make check'.
SCENARIO ?=
# Seconds the fuzzer runs in 'make check', and in 'make stress'.
FUZZ_SECONDS ?= 20
STRESS_SECONDS ?= 300

# What a kernel and an architecture need on Debian 12 stands in their
# descriptions, which Python reads.
apt-install = DEBIAN_FRONTEND=noninteractive apt-get install -y \
	--no-install-recommends

# Each with how long it takes, seconds, minutes or hours, and what it needs: a
# Linux TREE, ROOT, the NETwork; (tree): does less without.
help:
	@echo 'Try it:'
	@echo '  deps          min  root net  install what is needed, with apt-get'
	@echo '  boot          min  (tree)    boot on 4 CPUs, load and unload bigarray'
	@echo '  shell         min  tree      boot patched Linux to a prompt'
	@echo '  compare       min  tree      bigarray on stock and patched Linux'
	@echo '  apply         sec  KDIR      apply the series to KDIR, with quilt'
	@echo 'Test it:'
	@echo '  check         min  (tree)    all tests; SCENARIO= for one boot'
	@echo '  stress        hrs  (tree)    the long tests'
	@echo '  mutants       hrs  (tree)    break the code, see the tests notice'
	@echo '  check-bisect  hrs  tree      build and boot Linux after each patch'
	@echo '  check-series  hrs  (tree)    what a reviewer would run on the series'
	@echo '  check-bare    min  root net  deps and boot on a bare Debian 12'
	@echo 'Measure it:'
	@echo '  bench         min  tree      stock and patched kernels, 40 minutes'
	@echo '  bench-report  sec            its figures into README, Documentation'
	@echo '  scale         min  (tree)    instructions with 100,000 live objects'
	@echo '  memory        min  tree      what is free, stock and patched, 2 to 255 CPUs'
	@echo 'Change and send it, see CONTRIBUTING.md:'
	@echo '  tree          min  tree      a tree to edit, applied by quilt'
	@echo '  export        sec            what was edited there into patches/'
	@echo '  files         sec            which patch touches which file'
	@echo '  mbox          min  tree      the series as mails, in build/KERNEL/mbox'
	@echo '  send-dry-run  sec  tree      what would be sent, and to whom'
	@echo '  release       min            VERSION= as a tarball with notes, and a tag'
	@echo 'Look after it:'
	@echo '  busybox       min  net       build a static 32-bit BusyBox for 2.6.17'
	@echo '  clean         sec            remove build/'
	@echo '  compile_commands.json  min   for clangd: host machine, test kernel'
	@echo 'sec, min, hrs: how long. tree: a Linux tree, looked for, see README;'
	@echo '(tree): does less without. ARCH: deps, boot, check.'
	@echo 'Variables:'
	@$(foreach v,KERNEL LINUX ARCH KDIR COMPAT SCENARIO PATCH VERSION FROM \
		FUZZ_SECONDS STRESS_SECONDS STRICT, \
		printf '  %-15s %s\n' '$v' '$(subst ','\'',$(or $($v),(empty)))';)

packages = python3 -m harness packages '$(KERNEL)' '$(ARCH)'

deps:
	@! command -v python3 >/dev/null || $(packages) >/dev/null
	apt-get update
	$(apt-install) python3
	packages=$$($(packages)) && $(apt-install) $$packages
	@tools/cross '$(ARCH)'

boot compare shell: | build
	@tools/demo $@ $(of) --arch '$(ARCH)'

check: | build
	@tests/check $(of) --arch '$(ARCH)' --scenario '$(SCENARIO)' \
		--strict '$(STRICT)' \
		--fuzz-seconds $(FUZZ_SECONDS)

stress: | build
	@tests/check $(of) --stress --fuzz-seconds $(STRESS_SECONDS)

memory: | build
	@tests/memory $(of)

scale: | build
	@tests/scale $(of)

# 2.6.17 has models, machines and variants of its own.
bench: | build
	@case '$(KERNEL)' in 2.6.17) tests/bench/run --linux '$(LINUX)' ;; \
	*) tests/bench/first-chunks --kernel '$(KERNEL)' --linux '$(LINUX)' ;; \
	esac

bench-report:
	@tests/bench/report --kernel '$(KERNEL)'

mutants: | build
	@tests/mutate --linux '$(LINUX)'

busybox: | build
	@tools/busybox $(ARCH)

apply:
	@tools/series apply --kernel '$(KERNEL)' $(if $(filter-out no,$(COMPAT)),--compat) '$(KDIR)'

tree export files: | build
	@tools/series $@ $(of)

check-series: | build
	@tests/series $(of)

check-bisect: | build
	@tests/bisect $(of) '$(PATCH)'

mbox: | build
	@tools/mails write $(of) $(from) --version '$(VERSION)'

send-dry-run: | build
	@tools/mails send $(of) $(from)

make-release = tools/release --kernel '$(KERNEL)' --version '$(VERSION)'

release: | build
	@$(make-release) --look && tests/check $(of) series && $(make-release)

check-bare: | build
	@tests/bare $(of)

# Of the host machine and the test kernel, all made anew.
compile_commands.json: | build
	@command -v bear > /dev/null || { \
		echo "make: bear is missing; 'apt-get install bear'" >&2; exit 1; }
	@bear --output $@ -- sh -ec 'for part in host testkernel; do \
		$(MAKE) -s -B -f tests/$$part/Makefile O=build/compile/$$part; done'

clean:
	rm -rf build

build:
	@mkdir -p build

of = --kernel '$(KERNEL)' --linux '$(LINUX)'
from = --from '$(subst ','\'',$(FROM))'

.PHONY: help deps boot shell compare apply check stress mutants check-bisect \
	check-series bench bench-report scale memory mbox send-dry-run release check-bare \
	tree export files busybox clean

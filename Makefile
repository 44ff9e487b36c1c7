# The front door. 'make help' says what there is.

# Which kernel, a directory of patches/.
KERNEL ?= 2.6.17
# Its pristine tree, directory or tarball; empty: looked for, downloaded.
LINUX ?=
# Another of its architectures; empty: the first that its base names.
ARCH ?=
# The tree that 'make apply' patches.
KDIR ?=
# Only patches with this in their names in 'make check-bisect'.
PATCH ?=
# Only this scenario of tests/scenarios/KERNEL.ini in 'make check'.
SCENARIO ?=
# Seconds the fuzzer runs in 'make check', and in 'make stress'.
FUZZ_SECONDS ?= 20
STRESS_SECONDS ?= 300

# What a kernel and an architecture need on Debian 12 stands in their
# descriptions, which Python reads.
apt-install = DEBIAN_FRONTEND=noninteractive apt-get install -y \
	--no-install-recommends

help:
	@echo 'Try it:'
	@echo '  deps          install what is needed, with apt-get'
	@echo '  boot          boot on 4 CPUs, load and unload bigarray'
	@echo '  shell         boot patched Linux to a prompt'
	@echo '  compare       bigarray on stock and patched Linux'
	@echo '  apply         apply the series to KDIR, with quilt'
	@echo 'Test it:'
	@echo '  check         all tests; SCENARIO= for one boot'
	@echo '  stress        the long tests'
	@echo '  mutants       break the code on purpose, see the tests notice'
	@echo '  check-bisect  build and boot Linux after each patch'
	@echo '  check-series  what a reviewer would run on the series'
	@echo 'Measure it:'
	@echo '  bench         measure stock and patched kernels'
	@echo '  bench-scale   the same with 1 to 32 CPUs possible'
	@echo '  bench-report  put the last figures into README and Documentation'
	@echo '  policy        compare ways to place reservations in the window'
	@echo '  scale         count instructions with up to 100,000 live objects'
	@echo 'Send it:'
	@echo '  mbox          write the series as mails, in build/mbox'
	@echo '  send-dry-run  what git send-email would send, and to whom'
	@echo 'Look after it:'
	@echo '  patches       write our files into the series'
	@echo '  files         which patch touches which file'
	@echo '  busybox       build a static 32-bit BusyBox for 2.6.17'
	@echo '  clean         remove build/'
	@echo 'What needs Linux looks for it, see README. ARCH: deps, boot, check.'
	@echo 'Variables:'
	@$(foreach v,KERNEL LINUX ARCH KDIR SCENARIO PATCH FUZZ_SECONDS STRESS_SECONDS, \
		printf '  %-15s %s\n' '$v' '$(or $($v),(empty))';)

deps:
	apt-get update
	$(apt-install) python3
	$(apt-install) $$(python3 -m harness.kernel --packages '$(KERNEL)' '$(ARCH)')
	@tools/cross '$(ARCH)'

boot compare shell: | build
	@tools/demo $@ $(of) --arch '$(ARCH)'

check: | build
	@tests/check $(of) --arch '$(ARCH)' --scenario '$(SCENARIO)' \
		--fuzz-seconds $(FUZZ_SECONDS)

stress: | build
	@tests/check $(of) --stress --fuzz-seconds $(STRESS_SECONDS)

policy: | build
	@$(MAKE) -s -f tests/host/Makefile O=build/host build/host/policy
	@build/host/policy

scale: | build
	@tests/scale $(of)

# 2.6.17 has models, machines and variants of its own.
bench: | build
	@case '$(KERNEL)' in 2.6.17) tests/bench/run --linux '$(LINUX)' ;; \
	*) tests/bench/first-chunks --kernel '$(KERNEL)' --linux '$(LINUX)' ;; \
	esac

bench-scale: | build
	@tests/bench/scale --linux '$(LINUX)'

bench-report:
	@tests/bench/report

mutants: | build
	@[ -z '$(LINUX)' ] || python3 -m harness.tree get '$(KERNEL)' stock \
		'$(LINUX)' > build/mutants-tree
	@tests/mutate
	@tests/linux/mutate --linux '$(call tree)'

busybox: | build
	@tools/busybox $(ARCH)

apply:
	@tools/apply '$(KDIR)'

check-series: | build
	@tests/series '$(call tree)'

check-bisect: | build
	@tools/check-bisect '$(call tree)' $(PATCH)

mbox: | build
	@tools/mbox '$(call tree)' build/mbox

send-dry-run: | build
	@tools/send-dry-run '$(call tree)' build/mbox

files:
	@tools/patches --files

patches:
	@tools/patches

clean:
	rm -rf build

build:
	@mkdir -p build

of = --kernel '$(KERNEL)' --linux '$(LINUX)'
# The tree that was given, or one that lies at hand; no download for tests.
tree = $(or $(LINUX),$(firstword $(wildcard /usr/src/linux-2.6.17 \
	../linux-2.6.17*)))

.PHONY: help deps boot shell compare apply check stress mutants check-bisect \
	check-series bench bench-scale bench-report policy scale mbox send-dry-run patches \
	files busybox clean

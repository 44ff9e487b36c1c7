# The front door. 'make help' says what there is.

# A pristine 2.6.17, directory or tarball; empty: looked for, downloaded.
LINUX ?=
# Another architecture to boot and check: x86_64, arm or s390.
ARCH ?= i386
# The tree that 'make apply' patches.
KDIR ?=
# Only patches with this in their names in 'make check-bisect'.
PATCH ?=
# Nothing is skipped in 'make check': 1, or for lack of what nothing is.
STRICT ?=
# Only this scenario of tests/scenarios.ini in 'make check'.
SCENARIO ?=
# Seconds the fuzzer runs in 'make check', and in 'make stress'.
FUZZ_SECONDS ?= 20
STRESS_SECONDS ?= 300

# What is needed on Debian 12, by package name.
PACKAGES := gcc gcc-multilib make binutils git quilt patch python3 \
	qemu-system-x86 sparse clang libclang-rt-14-dev libc6-dev-i386 \
	dpkg-dev cpio bc ca-certificates curl bzip2 xz-utils gdb valgrind gnuplot-nox \
	e2fsprogs git-email libmailtools-perl shellcheck

# What another architecture needs besides.
PACKAGES_arm := qemu-system-arm
PACKAGES_s390 := qemu-system-misc

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
	@echo 'What needs Linux 2.6.17 looks for it, see README. ARCH: deps, boot, check.'
	@echo 'Variables:'
	@$(foreach v,LINUX ARCH KDIR SCENARIO PATCH FUZZ_SECONDS STRESS_SECONDS STRICT, \
		printf '  %-15s %s\n' '$v' '$(or $($v),(empty))';)

deps:
	apt-get update
	DEBIAN_FRONTEND=noninteractive apt-get install -y \
		--no-install-recommends $(PACKAGES) $(PACKAGES_$(ARCH))
	@case '$(ARCH)' in arm|s390) tools/cross '$(ARCH)' build/cross ;; esac

boot: | build
	@ARCH='$(ARCH)' tools/boot-demo '$(LINUX)'

check: | build
	@tests/check --arch '$(ARCH)' --linux '$(call tree)' --strict '$(STRICT)' \
		--scenario '$(SCENARIO)' \
		--fuzz-seconds $(FUZZ_SECONDS)

stress: | build
	@ARCH=i386 tests/stress $(STRESS_SECONDS) '$(call tree)'

policy: | build
	@$(MAKE) -s -f tests/host/Makefile O=build/host build/host/policy
	@build/host/policy

scale: | build
	@tests/scale --linux '$(tree)'

bench: | build
	@tests/bench/run --linux '$(LINUX)'

bench-scale: | build
	@tests/bench/scale --linux '$(LINUX)'

bench-report:
	@tests/bench/report

mutants: | build
	@tree='$(call tree)'; [ -z "$$tree" ] || \
		tools/linux-src stock "$$tree" build/linux/src-stock
	@tests/mutate
	@tests/linux/mutate --linux '$(call tree)'

compare:
	@ARCH=i386 tools/compare '$(LINUX)'

shell:
	@ARCH=i386 tools/shell '$(LINUX)'

busybox: | build
	@tools/busybox build/busybox

apply:
	@tools/apply '$(KDIR)'

check-series: | build
	@ARCH=i386 tests/series '$(call tree)'

check-bisect: | build
	@ARCH=i386 tools/check-bisect '$(call tree)' $(PATCH)

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

# The tree that was given, or one that lies at hand; no download for tests.
tree = $(or $(LINUX),$(firstword $(wildcard /usr/src/linux-2.6.17 \
	../linux-2.6.17*)))

.PHONY: help deps boot shell compare apply check stress mutants check-bisect \
	check-series bench bench-scale bench-report policy scale mbox send-dry-run patches \
	files busybox clean

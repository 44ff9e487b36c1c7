/*
 * Unit tests of mm/percpu_vm.c, percpu_alloc.c and percpu_vm_debug.c.  Every
 * test boots a machine of its own in a process of its own, so none can spoil
 * the next.
 *
 * usage: unit [TEST]...	names of tests to run; all without
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/debugfs.h>
#include <linux/proc_fs.h>
#include <linux/vmalloc.h>
#include "../../mm/percpu_vm.h"
#include "host.h"
#include "model.h"
#include "../random.h"

/* Bytes free at boot, and before the end of the first bank. */
#define ROOM	(PERCPU_VM_SIZE - STATIC_SIZE + LOWMEM)
/* All of the first bank's that an object can have. */
#define MOST	(PERCPU_VM_SIZE - (LOWMEM ? 0 : PAGE_ALIGN(STATIC_SIZE)))
#define window(cpu)	(PERCPU_VM_START + (cpu) * PERCPU_VM_STRIDE)

DEFINE_PER_CPU(int, counter) = 42;
DEFINE_PER_CPU(char[5000], text) = "the static section";
static DEFINE_PER_CPU(long, big[8]) __attribute__((aligned(64))) = { 1, 2, 3 };

/* Where an object is, as an offset; the pointer of what is at one. */
static unsigned long offset_of(void *ptr)
{
	return (unsigned long)ptr - PAGE_SIZE + FIRST_BANK;
}

static void *object_at(unsigned long offset)
{
	return (void *)(offset + PAGE_SIZE - FIRST_BANK);
}

/* One bank, and nothing else, as where no other can be opened. */
static void only_first_bank(void)
{
	host_vmalloc = 0;
}

/* What objects find first. */
static void fill_spare(void)
{
	if (LOWMEM)
		CHECK(percpu_vm_reserve(LOWMEM - STATIC_SIZE, 1,
					PERCPU_VM_OBJECT, "spare") ==
		      STATIC_SIZE);
}

static void test_static(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		CHECK(per_cpu(counter, cpu) == 42);
		CHECK(!strcmp(per_cpu(text, cpu), "the static section"));
		CHECK(per_cpu(big, cpu)[2] == 3);
		CHECK(!((unsigned long)&per_cpu(big, cpu) & 63));
		per_cpu(counter, cpu) = cpu;
	}
	for_each_possible_cpu(cpu) {
		host_cpu = cpu;
		CHECK(per_cpu(counter, cpu) == cpu);
		CHECK(&__get_cpu_var(counter) == &per_cpu(counter, cpu));
	}
	CHECK(per_cpu__counter == 42);
}

static void test_windows(void)
{
	unsigned long addr;
	int cpu;

	/*
	 * A window is the static section, unless that is in lowmem with its
	 * spare room; nothing, and a guard page.
	 */
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		for (addr = host_copy(cpu); addr < host_copy(cpu + 1);
		     addr += PAGE_SIZE)
			CHECK(host_faults(addr) == (!cpu_possible(cpu) ||
				addr - host_copy(cpu) >=
				(LOWMEM ? LOWMEM : STATIC_SIZE)));
		if (LOWMEM)
			for (addr = window(cpu); addr < window(cpu + 1);
			     addr += PAGE_SIZE)
				CHECK(host_faults(addr));
	}
}

static void test_boot_line(void)
{
	char line[200];

	sprintf(line, "percpu_vm: windows at %08lx, %lu KiB for each of %d "
		"CPUs, %lu bytes static at %08lx\n", PERCPU_VM_START,
		PERCPU_VM_SIZE >> 10, num_possible_cpus(), STATIC_SIZE,
		HOST_STATIC);
	CHECK(strstr(host_log, line));
}

static void test_zero_size(void)
{
	void *a, *b;

	a = percpu_vm_alloc(0, 0, "nothing");
	CHECK(!IS_ERR(a) && a);
	CHECK(!host_objects && !host_pages);
	b = model_alloc(MODULES, 1, 0);
	CHECK(!IS_ERR(b) && b != a);
	CHECK(!IS_ERR(percpu_vm_alloc(0, 1, "nothing, full")));
	CHECK(host_faults((unsigned long)percpu_vm_ptr(a, first_cpu(cpu_possible_map))));
	percpu_vm_free(a);
	percpu_vm_free(NULL);
	model_check();
	model_free(0);
	model_check();
}

static void test_alignment(void)
{
	unsigned long align;
	void *ptr;
	int cpu;

	model_alloc(1, 1, 0);
	for (align = 1; align <= PAGE_SIZE; align <<= 1) {
		ptr = model_alloc(3, align, 0);
		for_each_possible_cpu(cpu)
			CHECK(!((unsigned long)percpu_vm_ptr(ptr, cpu) %
				align));
	}
	CHECK(PTR_ERR(model_alloc(3, 2 * PAGE_SIZE, 0)) == -EINVAL);
	CHECK(strstr(host_log, "alignment 8192"));
	CHECK(PTR_ERR(model_alloc(3, 24, 0)) == -EINVAL);
	CHECK(!IS_ERR(model_alloc(3, 0, 0)));
	model_check();
}

/* To the last byte, not one more, and the message says what there was. */
static void test_full(void)
{
	char what[200];
	void *ptr;

	CHECK(PTR_ERR(model_alloc(MODULES + 1, 1, 0)) == -ENOMEM);
	sprintf(what, "no room for %lu bytes, a window has %lu: take a larger "
		"CONFIG_PERCPU_VM_*\n", MODULES + 1, MODULES);
	CHECK(strstr(host_log, what));
	CHECK(PTR_ERR(model_alloc(PERCPU_VM_SIZE + 1, 1, 0)) == -ENOMEM);
	sprintf(what, "no room for %lu bytes, a window has %lu: take a larger "
		"CONFIG_PERCPU_VM_*\n", PERCPU_VM_SIZE + 1, MODULES);
	CHECK(strstr(host_log, what));
	CHECK(PTR_ERR(model_alloc(-1UL, 1, 0)) == -ENOMEM);
	CHECK(PTR_ERR(model_alloc(-PAGE_SIZE, PAGE_SIZE, 0)) == -ENOMEM);
	ptr = model_alloc(MODULES, 1, 0);
	CHECK(!IS_ERR(ptr));
	CHECK(PTR_ERR(model_alloc(1, 1, 0)) == -ENOMEM);
	sprintf(what, "no room for 1 bytes aligned to 1 on each of 4 CPUs; %lu "
		"bytes of the windows free, %lu in one piece%s\n",
		ROOM - MODULES, ROOM - MODULES, LOWMEM ? "" :
		", an eighth of a window not for modules");
	CHECK(strstr(host_log, what));
	/* What is left is for the core, to the last word. */
	while (model_alloc_percpu(PAGE_SIZE / 2, 0))
		;
	while (model_alloc_percpu(8, 0))
		;
	CHECK(strstr(host_log, "bytes of the windows free, "));
	CHECK(!strstr(host_log, " 8 in one piece"));
	model_check();
	while (model_areas) {
		model_free(0);
		model_run_work();
	}
	model_check();
}

/* Modules that take all they can get leave the core its reserve. */
static void test_core_reserve(void)
{
	unsigned long got = 0;
	char line[50];

	while (!IS_ERR(model_alloc(1000, 1, 0)))
		;
	while (!IS_ERR(model_alloc(1, 1, 0)))
		;
	while (model_alloc_percpu(64, 0))
		got += 64;
	CHECK(got >= PERCPU_VM_SIZE / 8);
	sprintf(line, "core\t%lu\n", PERCPU_VM_SIZE / 8);
	CHECK(strstr(standin_debugfs_read("layout"), line));
	/* The core may have what modules do not use. */
	while (model_areas) {
		model_free(model_areas - 1);
		model_run_work();
	}
	CHECK(model_alloc_percpu((PERCPU_VM_SIZE / 8) * 6, 0));
}

/* Stock booked 70,000 bytes as 4,464 and 65,536 as none. */
static void test_over_64k(void)
{
	void *a = model_alloc(70000, 32, 0), *b = model_alloc(65536, 32, 0);
	void *c = model_alloc(16800, 32, 0);

	CHECK(!IS_ERR(a) && !IS_ERR(b) && !IS_ERR(c));
	CHECK(a >= b + 65536 && b >= c + 16800);
	model_check();
	while (model_areas)
		model_free(0);
	model_check();
}

static void test_shared_page(void)
{
	unsigned long pages = num_possible_cpus();
	void *a, *b, *last;
	int cpu;

	a = model_alloc(100, 1, 0);
	CHECK(host_pages == pages);
	b = model_alloc(100, 1, 0);
	last = model_alloc(PAGE_SIZE, 1, 0);
	CHECK(host_pages == 2 * pages);
	percpu_vm_free(b);
	CHECK(host_pages == 2 * pages);
	percpu_vm_free(a);
	CHECK(host_pages == 2 * pages);
	percpu_vm_free(last);
	CHECK(!host_pages);
	for_each_possible_cpu(cpu)
		CHECK(host_faults((unsigned long)percpu_vm_ptr(a, cpu)));
}

/* An object alone on a page that is shared with both neighbours. */
static void test_inside_a_page(void)
{
	int i;

	for (i = 0; i < 3; i++)
		model_alloc(1000, 1, 0);
	for (i = 0; i < 3; i++)
		model_alloc_percpu(512, 0);
	model_free(1);
	model_run_work();
	model_free(3);
	model_check();
	CHECK(!IS_ERR(model_alloc(1000, 1, 0)) && model_alloc_percpu(512, 0));
	model_check();
}

static void test_merge(void)
{
	static const int order[6][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
	};
	unsigned int i, j;
	void *ptr[3];

	for (i = 0; i < ARRAY_SIZE(order); i++) {
		for (j = 0; j < 3; j++)
			ptr[j] = percpu_vm_alloc(5000, 8, "piece");
		for (j = 0; j < 3; j++)
			percpu_vm_free(ptr[order[i][j]]);
		CHECK(!host_pages && !host_objects);
		ptr[0] = percpu_vm_alloc(MODULES, 1, "all of it");
		CHECK(!IS_ERR(ptr[0]));
		percpu_vm_free(ptr[0]);
	}
	model_check();
}

/* Modules take the first hole from the high end, objects from the low one. */
static void test_holes(void)
{
	void *ptr[6];
	int i;

	for (i = 0; i < 6; i++)
		ptr[i] = percpu_vm_alloc(i == 2 ? 2000 : 3000, 1, "piece");
	percpu_vm_free(ptr[0]);
	percpu_vm_free(ptr[2]);
	percpu_vm_free(ptr[4]);
	CHECK(percpu_vm_alloc(1500, 1, "again") == ptr[0] + 1500);
	CHECK(percpu_vm_alloc(2500, 1, "again") == ptr[4] + 500);
	CHECK(percpu_vm_alloc(2000, 1, "again") == ptr[2]);
	CHECK(percpu_vm_alloc(1500, 1, "again") == ptr[0]);
	CHECK(percpu_vm_alloc(501, 1, "again") == ptr[5] - 501);
	CHECK(percpu_vm_alloc(500, 1, "again") == ptr[4]);

	fill_spare();
	for (i = 0; i < 6; i++)
		ptr[i] = __alloc_percpu(i == 2 ? 2000 : 3000);
	free_percpu(ptr[4]);
	free_percpu(ptr[0]);
	free_percpu(ptr[2]);
	CHECK(__alloc_percpu(2504) == ptr[0]);
	CHECK(__alloc_percpu(2504) == ptr[4]);
	CHECK(__alloc_percpu(2000) == ptr[2]);
	CHECK(__alloc_percpu(3000) == ptr[5] + 3000);
}

/*
 * Gaps that only alignment makes too small: eight are looked at, and then one
 * is taken that needs no luck, although the ninth would do.
 */
static void test_misaligned_holes(void)
{
	void *page, *hole[8], *aligned, *ptr;
	int i;

	fill_spare();
	page = __alloc_percpu(PAGE_SIZE);
	do
		ptr = __alloc_percpu(8);
	while (ptr < page);
	CHECK(ptr == page + PAGE_SIZE);
	for (i = 0; i < 8; i++) {
		hole[i] = __alloc_percpu(8);
		CHECK((unsigned long)hole[i] % 16 == 8);
		CHECK(__alloc_percpu(8) == hole[i] + 8);
		CHECK(__alloc_percpu(8) && __alloc_percpu(8));
	}
	CHECK(__alloc_percpu(8));
	aligned = __alloc_percpu(16);
	ptr = __alloc_percpu(8);
	CHECK(ptr == aligned + 16);
	for (i = 0; i < 8; i++) {
		free_percpu(hole[i]);
		free_percpu(hole[i] + 8);
	}
	free_percpu(aligned);
	CHECK(__alloc_percpu(16) > ptr);
	CHECK(__alloc_percpu(8) == hole[0]);
	CHECK(__alloc_percpu(16) == aligned);
}

static void test_guards(void)
{
	void *ptr = model_alloc(1, 1, 0);
	unsigned long end;
	int cpu;

	CHECK(!IS_ERR(ptr));
	for_each_possible_cpu(cpu) {
		end = window(cpu) + PERCPU_VM_SIZE;
		CHECK(!host_faults(end - 1));
		CHECK(host_faults(end));
		CHECK(host_faults(end - PAGE_SIZE - 1));
	}
	percpu_vm_free(ptr);
	for_each_possible_cpu(cpu)
		CHECK(host_faults(window(cpu) + PERCPU_VM_SIZE - 1));
}

/* NULL and what is near it fault, on every CPU, also with the window full. */
static void test_null(void)
{
	char *null = __alloc_percpu(2 * PERCPU_VM_STRIDE);
	int cpu;

	CHECK(!null);
	model_alloc(MODULES, 1, 0);
	while (model_alloc_percpu(4096, 0))
		;
	while (model_alloc_percpu(8, 0))
		;
	for_each_possible_cpu(cpu) {
		CHECK(per_cpu_ptr(null, cpu) ==
		      (char *)window(cpu) - PAGE_SIZE);
		CHECK(host_faults((unsigned long)per_cpu_ptr(null, cpu)));
		CHECK(host_faults((unsigned long)per_cpu_ptr(null, cpu) +
				  PAGE_SIZE - 1));
		CHECK(!host_faults((unsigned long)per_cpu_ptr(null, cpu) +
				   PAGE_SIZE));
	}
}

/*
 * Every allocation of every path fails once, with other reservations around.
 * Nothing may have changed, and the same request then succeeds.
 */
static void test_failures(void)
{
	static const unsigned long sizes[] = {
		1, 100, 4096, 5000, 16800, 70000, 100000,
	};
	unsigned long n, failures = 0;
	unsigned int i, object;
	void *ptr;

	for (object = 0; object < 2; object++)
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			for (n = 1; ; n++) {
				ptr = object ? model_alloc_percpu(sizes[i], n) :
					model_alloc(sizes[i], 8, n);
				model_check();
				if (ptr && !IS_ERR(ptr))
					break;
				/* No record of address space: no room. */
				CHECK(strstr(host_log, "no memory for") ||
				      (LOWMEM && strstr(host_log,
							"no room for")));
				failures++;
			}
			/* It took n - 1 allocations. */
			CHECK(n >= 2);
		}
	CHECK(failures > 200);
	printf("# %lu failures injected and survived\n", failures);
	while (model_areas) {
		model_free(model_areas / 2);
		model_run_work();
	}
	model_check();
}

/*
 * While pages were allocated, without the mutex, another took the place or made
 * a better one: fewer pages are needed then, or more, or there is no room.
 */
static void *rival;
static unsigned long rival_size;

static void rival_comes(void)
{
	host_between = NULL;
	if (rival_size)
		rival = percpu_vm_alloc(rival_size, 1, "rival");
	else
		percpu_vm_free(rival);
	CHECK(!IS_ERR(rival));
}

static void test_rival(void)
{
	unsigned long pages = num_possible_cpus();
	void *ptr;

	/* At the end 5000 bytes need two pages, below another's 3000 one. */
	host_between = rival_comes;
	rival_size = 3000;
	ptr = percpu_vm_alloc(5000, 1, "first");
	CHECK(rival > ptr && host_pages == 2 * pages);
	percpu_vm_free(ptr);
	CHECK(host_pages == pages && host_objects == 1);

	/* Now the other way round. */
	host_between = rival_comes;
	rival_size = 0;
	ptr = percpu_vm_alloc(5000, 1, "first");
	CHECK(rival > ptr && host_pages == 2 * pages && host_objects == 1);
	percpu_vm_free(ptr);
	CHECK(!host_pages && !host_objects);

	host_between = rival_comes;
	rival_size = MODULES - 4095;
	ptr = percpu_vm_alloc(4096, 1, "first");
	CHECK(PTR_ERR(ptr) == -ENOMEM);
	CHECK(strstr(host_log, "no room for 4096 bytes"));
	percpu_vm_free(rival);
	CHECK(!host_pages && !host_objects);
}

#ifdef UNIT_STATIC_TOO_LARGE
static void test_nothing(void)
{
}
#endif

static void test_fail_page(void)
{
	u32 *fail_page = standin_debugfs_u32("fail_page");
	unsigned long n, pages = 3 * num_possible_cpus();
	void *ptr;

	CHECK(fail_page);
	for (n = 1; n <= pages; n++) {
		*fail_page = n;
		ptr = percpu_vm_alloc(3 * PAGE_SIZE, PAGE_SIZE, "victim");
		CHECK(PTR_ERR(ptr) == -ENOMEM && !*fail_page);
		CHECK(strstr(host_log, "victim: no memory for 12288 bytes"));
		CHECK(!host_pages && !host_objects);
		host_log_clear();
	}
	*fail_page = pages + 1;
	ptr = percpu_vm_alloc(3 * PAGE_SIZE, PAGE_SIZE, "victim");
	CHECK(!IS_ERR(ptr) && *fail_page == 1);
}

static void test_layout(void)
{
	unsigned long in_window = (PERCPU_VM_SIZE - 16800) & ~63UL, pages;
	unsigned long offset = FIRST_BANK + in_window;
	char line[200];
	const char *layout;
	int cpu;

	percpu_vm_alloc(16800, 64, "bigarray");
	layout = standin_debugfs_read("layout");
	sprintf(line, "area\t%lu 16800 bigarray\nbank\t%lu %lu\n", offset,
		FIRST_BANK, PERCPU_VM_SIZE);
	CHECK(strstr(layout, line));
	sprintf(line, "bank\t0 %lu\n", LOWMEM);
	CHECK(!LOWMEM || strstr(layout, line));
	sprintf(line, "windows\t%08lx\nstride\t%lu\nwindow\t%lu\n",
		PERCPU_VM_START, PERCPU_VM_STRIDE, PERCPU_VM_SIZE);
	CHECK(strstr(layout, line));
	sprintf(line, "static\t%lu %08lx\ncore\t%lu\nreserved\t16800\n",
		STATIC_SIZE, HOST_STATIC, LOWMEM ? 0 : PERCPU_VM_SIZE / 8);
	CHECK(strstr(layout, line));
	sprintf(line, "free\t%lu\nlargest\t%lu\n", ROOM - 16800,
		in_window - (LOWMEM ? 0 : STATIC_SIZE));
	CHECK(strstr(layout, line));
	pages = (PERCPU_VM_SIZE - (in_window & PAGE_MASK)) >> PAGE_SHIFT;
	if (!LOWMEM)
		pages += PAGE_ALIGN(STATIC_SIZE) >> PAGE_SHIFT;
	for_each_possible_cpu(cpu) {
		sprintf(line, "pages\tcpu%d %lu\n", cpu, pages);
		CHECK(strstr(layout, line));
	}
}

static int lines(const char *text, const char *start)
{
	size_t size = strlen(start);
	int n = 0;

	/* Not strstr(): under ASan that reads to the end of the text. */
	for (; *text; text++) {
		n += !strncmp(text, start, size);
		while (*text != '\n')
			text++;
	}
	return n;
}

static void *between[3];

static void change_between_reads(void)
{
	static int n;

	if (n < 3)
		percpu_vm_free(between[n]);
	if (n++ < 10)
		__alloc_percpu(64);
}

/* Complete, in order, however long, and whatever happens meanwhile. */
static void test_long_layout(void)
{
	const char *layout, *line;
	unsigned long offset, last = 0;
	int i;

	for (i = 0; i < 3; i++)
		between[i] = percpu_vm_alloc(8, 8, "short-lived");
	for (i = 0; i < 5000; i++)
		__alloc_percpu(64);
	layout = standin_debugfs_read("layout");
	CHECK(lines(layout, "area\t") == 5003);
	CHECK(lines(layout, "static\t") == 1);
	for (line = layout; (line = strstr(line, "area\t")); line++) {
		offset = strtoul(line + 5, NULL, 10);
		CHECK(offset > last);
		last = offset;
	}
	CHECK(last < FIRST_BANK + PERCPU_VM_SIZE);
	standin_between_reads = change_between_reads;
	layout = standin_debugfs_read("layout");
	i = lines(layout, "area\t");
	CHECK(i >= 5000 && i <= 5010);
	CHECK(!strstr(layout, "short-lived"));
	standin_between_reads = NULL;
}

/* No memory to open it: told, and nothing leaks. */
static void test_layout_no_memory(void)
{
	int i;

	for (i = 1; i <= 2; i++) {
		host_fail(i);
		CHECK(!standin_debugfs_read("layout") && !host_objects);
	}
	host_fail(0);
	CHECK(standin_debugfs_read("layout") && !host_objects);
}

/* /proc/kcore shows the windows. */
static void test_kcore(void)
{
	CHECK(host_kcore && host_kcore->addr == PERCPU_VM_START);
	CHECK(host_kcore->size == PERCPU_VM_END - PERCPU_VM_START);
}

/* One pte table for every 16 pages that a possible CPU's window touches. */
static void test_tables(void)
{
	unsigned long addr, tables = 0, seen = 0, total = 0, i;
	char line[100];
	int cpu;

	for_each_possible_cpu(cpu)
		for (addr = window(cpu); addr < window(cpu + 1);
		     addr += PAGE_SIZE)
			if (addr >> PMD_SHIFT != seen) {
				seen = addr >> PMD_SHIFT;
				tables++;
			}
	sprintf(line, "tables\t%lu\n", tables);
	CHECK(strstr(standin_debugfs_read("layout"), line));
	for (i = 0; i < 4; i++)
		total += host_boot_pages[i];
	if (!LOWMEM)
		tables += num_possible_cpus() *
			(PAGE_ALIGN(STATIC_SIZE) >> PAGE_SHIFT);
	CHECK(HOST_LEVELS > 2 ? total > tables : total == tables);
}

static void test_bad_free(void)
{
	void *behind = percpu_vm_alloc(64, 8, "behind");
	void *ptr = percpu_vm_alloc(5000, 8, "once");

	host_log_clear();
	percpu_vm_free(ptr + 8);
	CHECK(strstr(host_log, "which is not reserved"));
	CHECK(strstr(host_log, "dump_stack"));
	CHECK(host_pages && host_objects == 2);
	percpu_vm_free(behind);
	percpu_vm_free(ptr);
	host_log_clear();
	percpu_vm_free(ptr);
	CHECK(strstr(host_log, "which is not reserved"));
	CHECK(!host_pages && !host_objects);

	/* The static section, the guard page, a pointer from elsewhere. */
	host_log_clear();
	percpu_vm_free(__per_cpu_start);
	CHECK(strstr(host_log, "offset 0, which is not reserved"));
	host_log_clear();
	free_percpu(object_at(FIRST_BANK + PERCPU_VM_SIZE));
	CHECK(strstr(host_log, "which is not reserved"));
	host_log_clear();
	percpu_vm_free(__per_cpu_start + FIRST_BANK + PERCPU_VM_SIZE + 1);
	CHECK(strstr(host_log, "which is not reserved"));
	host_log_clear();
	free_percpu(host_log);
	CHECK(strstr(host_log, "which is not reserved"));
	CHECK(!host_work_pending());
}

static void test_copy(void)
{
	char data[6000];
	void *ptr = percpu_vm_alloc(sizeof(data), 1, "copy");
	int cpu;

	memset(data, 0x33, sizeof(data));
	percpu_modcopy(ptr, data, sizeof(data));
	for_each_possible_cpu(cpu)
		CHECK(!memcmp(percpu_vm_ptr(ptr, cpu), data, sizeof(data)));
}

/*
 * A module's name is copied: it moves when it is loaded.  Of an object there
 * is the caller's address, shown as a symbol.
 */
static void test_owner(void)
{
	char name[] = "mover", line[100];
	void *ptr;

	percpu_vm_alloc(8, 8, name);
	memset(name, 'x', sizeof(name) - 1);
	CHECK(strstr(standin_debugfs_read("layout"), "mover"));

	ptr = __alloc_percpu(8);
	sprintf(line, "area\t%lu 8 0x", offset_of(ptr));
	CHECK(strstr(standin_debugfs_read("layout"), line));
	host_symbol = (unsigned long)test_owner;
	CHECK(strstr(standin_debugfs_read("layout"), " 8 symbol_in_kernel\n"));
	host_symbol_copied = 0;
	CHECK(strstr(standin_debugfs_read("layout"), " 8 symbol_in_module\n"));
	CHECK(!__alloc_percpu(PERCPU_VM_STRIDE));
	CHECK(strstr(host_log, "percpu_vm: symbol_in_module: no room for"));
}

static void nodes(void)
{
	host_nodes = 3;
	host_node_of[0] = 0;
	host_node_of[1] = 2;
	host_node_of[2] = 1;
	host_node_of[3] = 3;	/* a node that is not there */
}

static void test_nodes(void)
{
	static const int expected[] = { 0, 2, 1, 0 };
	void *ptr = percpu_vm_alloc(10 * PAGE_SIZE, PAGE_SIZE, "nodes");
	unsigned long addr;
	struct page *page;
	int cpu;

	CHECK(!IS_ERR(ptr));
	CHECK(host_boot_pages[1] && host_boot_pages[2] && !host_boot_pages[3]);
	for_each_possible_cpu(cpu)
		for (addr = window(cpu); addr < window(cpu + 1);
		     addr += PAGE_SIZE) {
			page = host_page_at(addr);
			CHECK(!page || page->node == expected[cpu]);
		}
}

/* As many objects as a busy alloc_percpu() would make, all freed. */
static void test_35000_objects(void)
{
	static void *ptr[35000];
	unsigned long i, j, cpu = first_cpu(cpu_possible_map);
	unsigned long long seed = 1;

	for (i = 0; i < ARRAY_SIZE(ptr); i++) {
		ptr[i] = __alloc_percpu(4 + random_below(&seed, 6) * 4);
		CHECK(ptr[i]);
		*(u32 *)per_cpu_ptr(ptr[i], cpu) = i;
	}
	CHECK(host_objects - 2 * host_banks() == ARRAY_SIZE(ptr));
	for (i = 0; i < ARRAY_SIZE(ptr); i++) {
		j = i * 10007 % ARRAY_SIZE(ptr);
		CHECK(*(u32 *)per_cpu_ptr(ptr[j], cpu) == j);
		free_percpu(ptr[j]);
	}
	CHECK(!host_flushes);
	host_run_work();
	/* A flush for each turn, however many pages that were. */
	CHECK(host_flushes && host_flushes <= 35);
	model_check();
}

/* A batch flushes once, and not for nothing. */
static void test_batches(void)
{
	static void *ptr[1000];
	int i, n;

	fill_spare();
	for (i = 0; i < 1000; i++)
		ptr[i] = __alloc_percpu(64);
	for (i = 1; i < 1000; i++)
		free_percpu(ptr[i]);
	host_run_work();
	CHECK(host_flushes == 1);
	ptr[1] = __alloc_percpu(8);
	free_percpu(ptr[1]);
	host_run_work();
	CHECK(host_flushes == 1);

	/* All pages of the window, with the mutex released by an allocation. */
	for (n = 0; (ptr[n] = __alloc_percpu(PAGE_SIZE)); n++)
		;
	CHECK(n >= (int)(PERCPU_VM_SIZE >> PAGE_SHIFT) - 3);
	for (i = 0; i < n; i++)
		free_percpu(ptr[i]);
	CHECK(host_flushes == 1 && host_pages >= 4u * n);
	CHECK(__alloc_percpu(8) && host_flushes == 2 && host_pages < 10);
}

/* More pages than may wait: a flush in between, and no more wait than that. */
static void test_large_batch(void)
{
	unsigned long flushes, i, n = 0;
	static void *ptr[3000];

	while ((ptr[n] = __alloc_percpu(PAGE_SIZE)))
		n++;
	CHECK(n > 1500);
	for (i = 0; i < n; i++)
		free_percpu(ptr[i]);
	host_run_work();
	CHECK(host_flushes <= (n + 255) / 256 + n / 1024 + 1);
	CHECK(host_most_stale <= 256u * num_possible_cpus());
	CHECK(!host_pages && !host_objects);

	/* Objects that share pages: a thousand releases, a flush or two. */
	for (i = 0; i < 1000; i++)
		ptr[i] = __alloc_percpu(512);
	flushes = host_flushes;
	for (i = 0; i < 1000; i++)
		free_percpu(ptr[i * 7 % 1000]);
	host_run_work();
	CHECK(host_flushes <= flushes + 2 && !host_pages);
}

/* The list in debugfs is complete at 100,000 reservations. */
static void test_100000_objects(void)
{
	static void *ptr[100000];
	int i;

	for (i = 0; i < 100000; i++)
		CHECK((ptr[i] = __alloc_percpu(i % 2 ? 8 : 16)));
	CHECK(lines(standin_debugfs_read("layout"), "area\t") == 100000);
	for (i = 0; i < 100000; i++)
		free_percpu(ptr[i * 10007l % 100000]);
	host_run_work();
	CHECK(!host_pages && !host_objects && host_flushes < 100);
	CHECK(!lines(standin_debugfs_read("layout"), "area\t"));
}

struct odd {
	char c[12];
};

/* Zeroed, aligned for its type, packed, and no power of two crosses a page. */
static void test_alloc_percpu(void)
{
	unsigned long long *a;
	char *last = NULL, *b;
	struct odd *c;
	int cpu, i;

	fill_spare();
	a = alloc_percpu(unsigned long long);
	c = alloc_percpu(struct odd);
	CHECK(a && c);
	for_each_possible_cpu(cpu) {
		CHECK(!*per_cpu_ptr(a, cpu));
		CHECK(!((unsigned long)per_cpu_ptr(a, cpu) % 8));
		*per_cpu_ptr(a, cpu) = cpu;
	}
	for_each_possible_cpu(cpu)
		CHECK(*per_cpu_ptr(a, cpu) == (unsigned long long)cpu);
	for (i = 0; i < 100; i++, last = b) {
		b = __alloc_percpu(512);
		CHECK(b && !((unsigned long)per_cpu_ptr(b, first_cpu(cpu_possible_map)) % 512));
		CHECK(!i || b == last + 512);
	}
	/* Freed in between: room for the link, and no overlap. */
	b = __alloc_percpu(0);
	last = __alloc_percpu(1);
	CHECK(b && last >= b + 8);
	CHECK(__alloc_percpu(3 * PAGE_SIZE));
	CHECK(!__alloc_percpu(2 * PERCPU_VM_STRIDE));
	CHECK(!__alloc_percpu(-1UL) && !__alloc_percpu(-8UL));
	CHECK(strstr(host_log, "no room for"));
}

/* Freed in an interrupt: nothing sleeps there, and all comes back. */
static void test_free_percpu(void)
{
	void *ptr[50];
	int i;

	free_percpu(NULL);
	CHECK(!host_work_pending());
	for (i = 0; i < 50; i++)
		ptr[i] = __alloc_percpu(100 * i);
	host_atomic = 1;
	for (i = 0; i < 50; i++)
		free_percpu(ptr[i * 7 % 50]);
	host_atomic = 0;
	CHECK(host_objects == 50 && host_work_pending());
	host_run_work();
	CHECK(!host_work_pending());
	model_check();
	CHECK(!host_objects && !host_pages);
}

static noinline void free_here(void *ptr)
{
	free_percpu(ptr);
	__asm__ volatile("" : : : "memory");	/* no tail call */
}

/* Freed twice, or what is no object: told to who does it, nothing harmed. */
static void test_double_free_percpu(void)
{
	unsigned long by, before;
	void *keep = __alloc_percpu(8), *ptr = __alloc_percpu(8);
	void *other = __alloc_percpu(3 * PAGE_SIZE);
	void *module = percpu_vm_alloc(64, 8, "module");

	host_symbol = (unsigned long)free_here;
	free_here(ptr);
	host_log_clear();
	free_here(ptr);
	CHECK(sscanf(host_log, "<3>percpu_vm: symbol_in_kernel (%lx): freeing "
		     "offset %*u, which was freed by symbol_in_kernel (%lx)",
		     &by, &before) == 2);
	CHECK(by == before && by - (unsigned long)free_here < 200);
	CHECK(strstr(host_log, "dump_stack"));
	host_log_clear();
	host_run_work();
	CHECK(host_objects == 3 && !host_log[0]);

	/* In a circle of two, and later than its release. */
	ptr = __alloc_percpu(8);
	free_percpu(ptr);
	free_percpu(other);
	host_log_clear();
	free_percpu(ptr);
	CHECK(strstr(host_log, "which was freed by"));
	host_run_work();
	CHECK(host_objects == 2 && !host_stale);
	host_log_clear();
	free_percpu(ptr);
	CHECK(strstr(host_log, "which is not reserved"));

	/* When the page has gone with it: told at once, nothing is touched. */
	ptr = __alloc_percpu(PAGE_SIZE);
	free_percpu(ptr);
	host_run_work();
	host_log_clear();
	free_percpu(ptr);
	CHECK(strstr(host_log, "which is not reserved"));

	/* In the static section, not on a word, the guard, a module's. */
	host_log_clear();
	free_percpu(object_at(0));
	CHECK(strstr(host_log, "offset 0, which is not reserved"));
	host_log_clear();
	free_percpu(keep + 2);
	CHECK(strstr(host_log, "which is not reserved"));
	host_log_clear();
	free_percpu(object_at(FIRST_BANK + PERCPU_VM_SIZE));
	CHECK(strstr(host_log, "which is not reserved"));
	host_log_clear();
	free_percpu(object_at((char *)module - __per_cpu_start));
	CHECK(strstr(host_log, "which is a module's"));
	host_log_clear();
	percpu_vm_free(__per_cpu_start + offset_of(keep));
	CHECK(strstr(host_log, "which is not reserved"));
	CHECK(!host_work_pending() && host_objects == 2);
	percpu_vm_free(module);
	free_percpu(keep);
	host_run_work();
	CHECK(!host_objects && !host_pages);
}

#define LATE	64

/*
 * What is written to a freed object harms nobody else: neither what looks like
 * a link to an object that is in use, nor anything else, on any CPU.
 */
static void test_late_write(void)
{
	u32 *ptr[LATE];
	int cpu, i, round;
	unsigned long word;

	for (round = 0; round < 40; round++) {
		for (i = 0; i < LATE; i++) {
			ptr[i] = __alloc_percpu(8);
			for_each_possible_cpu(cpu)
				*per_cpu_ptr(ptr[i], cpu) = 1000 + i;
		}
		for (i = 10; i < 20; i++)
			free_percpu(ptr[i]);
		for_each_possible_cpu(cpu) {
			for (i = 10; i < 20; i++) {
				word = offset_of(ptr[round]);
				if (round < 32)
					*per_cpu_ptr(ptr[i], cpu) +=
						1u << round;
				else
					memcpy(per_cpu_ptr(ptr[i], cpu), &word,
					       sizeof(word));
			}
		}
		host_log_clear();
		host_run_work();
		CHECK(host_objects == LATE - 10 && !host_log[0]);
		for (i = 0; i < LATE; i++) {
			if (i >= 10 && i < 20)
				continue;
			for_each_possible_cpu(cpu)
				CHECK(*per_cpu_ptr(ptr[i], cpu) == 1000u + i);
			free_percpu(ptr[i]);
		}
		host_run_work();
		CHECK(!host_objects && !host_pages);
	}
}

/* With interrupts off it is told, and they are off when it returns. */
static void test_interrupts_off(void)
{
	void *ptr[100], *page;
	int i;

	for (i = 0; i < 100; i++) {
		page = __alloc_percpu(PAGE_SIZE);
		CHECK(page && !host_irqs_off);
		host_irqs_off = 1;
		free_percpu(page);
		CHECK(host_irqs_off && host_might_sleep == i);
		ptr[i] = __alloc_percpu(i * 50);
		CHECK(ptr[i] && host_irqs_off && host_might_sleep == i + 1);
		host_irqs_off = 0;
	}
	host_irqs_off = 1;
	CHECK(!__alloc_percpu(2 * PERCPU_VM_SIZE) && host_irqs_off);
	for (i = 0; i < 100; i++)
		free_percpu(ptr[i]);
	CHECK(host_irqs_off);
	host_irqs_off = 0;
	host_run_work();
	CHECK(!host_objects && !host_pages);
}

/* Those of reservations: a bank has two more. */
static unsigned long records(void)
{
	return host_objects - 2 * host_banks();
}

#define MANY	20000
#define TURN	1024

/* So many objects are released in turns, and nobody pays for more than one. */
static void test_turns(void)
{
	static void *ptr[MANY];
	unsigned long i;
	void *module;

	for (i = 0; i < MANY; i++)
		CHECK((ptr[i] = __alloc_percpu(16)));
	for (i = 0; i < MANY; i++)
		free_percpu(ptr[i * 7919 % MANY]);
	CHECK(records() == MANY);
	host_resched = 0;
	host_run_work_once();
	CHECK(records() == MANY - TURN && host_work_pending());
	CHECK(host_resched >= TURN);

	/* insmod purges once, if it is refused too; then until there is room. */
	module = percpu_vm_alloc(100, 1, "module");
	CHECK(!IS_ERR(module) && records() == MANY - 2 * TURN + 1);
	percpu_vm_free(module);
	CHECK(records() == MANY - 2 * TURN);
	ptr[0] = __alloc_percpu(MOST);
	CHECK(ptr[0] && host_objects == 1 && !host_banks());
	CHECK(host_most_released == TURN);
	free_percpu(ptr[0]);
	host_run_work();
	CHECK(!host_objects && !host_pages && !host_work_pending());
}

/* No more messages than the log takes; the last says how many there were. */
static void test_flood(void)
{
	void *ptr = __alloc_percpu(8);
	int i;

	host_lines = 10;
	host_log_clear();
	for (i = 0; i < 200; i++)
		CHECK(!__alloc_percpu(2 * PERCPU_VM_SIZE));
	for (i = 0; i < 50; i++)
		CHECK(IS_ERR(percpu_vm_alloc(8, 3, "askew")));
	for (i = 0; i < 50; i++)
		free_percpu(ptr + 1);
	CHECK(lines(host_log, "<4>percpu_vm: ") == 10);
	CHECK(!lines(host_log, "<3>") && !lines(host_log, "dump_stack"));
	host_log_clear();
	host_run_delayed_work();
	CHECK(strstr(host_log, "percpu_vm: 290 more messages left out\n"));

	/* Counted anew; and before there is a work queue all is said. */
	CHECK(!__alloc_percpu(2 * PERCPU_VM_SIZE));
	host_log_clear();
	host_run_delayed_work();
	CHECK(strstr(host_log, "percpu_vm: 1 more messages left out\n"));
	host_keventd = 0;
	host_log_clear();
	for (i = 0; i < 20; i++)
		CHECK(!__alloc_percpu(2 * PERCPU_VM_SIZE));
	CHECK(lines(host_log, "<4>percpu_vm: ") == 20);
}

/* What is freed makes room for the next allocation at once, of any kind. */
static void test_free_makes_room(void)
{
	void *ptr = __alloc_percpu(MOST), *again;

	CHECK(ptr && !__alloc_percpu(MOST));
	host_keventd = 0;
	free_percpu(ptr);
	CHECK(!host_work_pending());
	again = __alloc_percpu(MOST);
	CHECK(again == ptr && host_objects == 1);
	CHECK(IS_ERR(percpu_vm_alloc(8, 8, "refused")));
	free_percpu(again);
	again = percpu_vm_alloc(8, 8, "module");
	CHECK(!IS_ERR(again) && host_objects == 1);
	host_keventd = 1;
	percpu_vm_free(again);
	CHECK(!host_objects && !host_pages);
}

static void test_phys(void)
{
	int *first = alloc_percpu(int);
	int *ptr = __alloc_percpu(2 * PAGE_SIZE), cpu;

	for_each_possible_cpu(cpu) {
		*per_cpu_ptr(first, cpu) = 500 + cpu;
		CHECK(*(int *)host_va(percpu_vm_phys(per_cpu_ptr(first, cpu)))
		      == 500 + cpu);
		per_cpu_ptr(ptr, cpu)[1500] = 1000 + cpu;
		CHECK(*(int *)host_va(percpu_vm_phys(per_cpu_ptr(ptr, cpu) +
						     1500)) == 1000 + cpu);
		CHECK(*(int *)host_va(percpu_vm_phys(&per_cpu(counter, cpu)))
		      == 42);
	}
}

#ifdef HOST_LOWMEM
/* Objects take what lowmem has to spare, modules do not; it stays mapped. */
static void test_spare_room(void)
{
	unsigned long left = (LOWMEM - STATIC_SIZE) / 64;
	char *ptr = NULL;
	int i, cpu;

	CHECK(left > 64);
	for (i = 0; i < 2; i++) {
		while (model_areas < (int)left)
			CHECK((ptr = model_alloc_percpu(64, 0)));
		CHECK(!host_pages);
		for_each_possible_cpu(cpu)
			CHECK(per_cpu_ptr(ptr, cpu) ==
			      (char *)host_copy(cpu) + LOWMEM - 64);
		while (model_areas) {
			model_free(model_areas - 1);
			model_run_work();
		}
		CHECK(!host_flushes);
		for_each_possible_cpu(cpu)
			CHECK(!host_faults((unsigned long)host_copy(cpu) +
					   LOWMEM - 1));
	}
	/* A module, then the first object that has no room there. */
	CHECK(!IS_ERR(model_alloc(MODULES - PAGE_SIZE, 1, 0)));
	CHECK(!IS_ERR(model_alloc(PAGE_SIZE / 2, 1, 0)));
	while (model_areas < (int)left + 2)
		CHECK((ptr = model_alloc_percpu(64, 0)));
	CHECK(offset_of(ptr) < LOWMEM);
	CHECK(offset_of(model_alloc_percpu(64, 0)) == FIRST_BANK);
	CHECK(!IS_ERR(model_alloc(PAGE_SIZE / 2, 1, 0)) && host_banks() == 1);
	model_check();
}

/* As much address space as the CPUs need, and what is around it is not. */
static void check_bank(void)
{
	unsigned long cpus = 0, addr;
	int cpu;

	for_each_possible_cpu(cpu)
		cpus = cpu + 1;
	CHECK(vmlist && vmlist->flags == VM_PERCPU);
	CHECK(vmlist->size == cpus * PERCPU_VM_STRIDE + PAGE_SIZE);
	for (addr = (unsigned long)vmlist->addr + PERCPU_VM_SIZE;
	     addr < (unsigned long)vmlist->addr + vmlist->size;
	     addr += PERCPU_VM_STRIDE)
		CHECK(host_faults(addr));
}

/* A bank is opened when there is no room, and closed with what it has. */
static void test_grow(void)
{
	unsigned long tables, flushes;
	void *ptr, *object;
	int cpu;

	CHECK(!IS_ERR(model_alloc(MODULES, 1, 0)) && !host_banks());
	ptr = model_alloc(100, 4, 0);
	CHECK(!IS_ERR(ptr) && host_banks() == 1);
	check_bank();
	model_check();
	tables = host_tables;
	CHECK(tables);
	CHECK(!IS_ERR(model_alloc(MODULES - 8192, 1, 0)) && host_banks() == 1);
	CHECK(!IS_ERR(model_alloc(MODULES, 1, 0)) && host_banks() == 2);
	model_check();
	for_each_possible_cpu(cpu) {
		CHECK(host_faults((unsigned long)per_cpu_ptr((char *)NULL,
							     cpu)));
		CHECK(host_faults((unsigned long)per_cpu_ptr((char *)NULL,
						cpu) + PAGE_SIZE - 1));
	}
	fill_spare();
	object = __alloc_percpu(64);
	CHECK(offset_of(object) == (unsigned long)vmlist->addr - HOST_STATIC);
	free_percpu(object);
	free_percpu(object_at(STATIC_SIZE));
	host_run_work();
	while (model_areas > 1)
		model_free(0);
	CHECK(!host_banks() && !vmlist && host_objects == 1);
	flushes = host_flushes;

	/* With interrupts off none is opened. */
	host_irqs_off = 1;
	host_log_clear();
	CHECK(IS_ERR(percpu_vm_alloc(MODULES, 1, "off")) && host_irqs_off);
	CHECK(strstr(host_log, "no room for"));
	host_irqs_off = 0;
	CHECK(!vmlist && host_objects == 1);

	/* Again, with tables that are there; an object, freed in an interrupt. */
	CHECK(model_areas == 1);
	object = model_alloc_percpu(4 * PAGE_SIZE, 0);
	CHECK(object && host_banks() == 1);
	check_bank();
	model_free(0);
	CHECK(host_banks() == 1 && host_work_pending());
	model_run_work();
	CHECK(!host_banks() && !vmlist && host_flushes == flushes + 1);
	model_free(0);
	model_check();
	CHECK(!host_pages && !host_objects);
}

/* What is wrong is told of a further bank, too, and closes nothing. */
static void test_bad_free_in_bank(void)
{
	void *module, *object;

	fill_spare();
	module = percpu_vm_alloc(MODULES, 1, "first");
	object = __alloc_percpu(64);
	CHECK(host_banks() == 1);
	host_log_clear();
	free_percpu(object_at(offset_of(object) + PERCPU_VM_SIZE));
	CHECK(strstr(host_log, "which is not reserved"));
	host_log_clear();
	percpu_vm_free(__per_cpu_start + offset_of(object) + PERCPU_VM_SIZE);
	CHECK(strstr(host_log, "which is not reserved"));
	host_log_clear();
	free_percpu(object_at(LOWMEM));
	CHECK(strstr(host_log, "which is not reserved"));
	host_log_clear();
	percpu_vm_free(__per_cpu_start + LOWMEM);
	CHECK(strstr(host_log, "which is not reserved"));
	CHECK(host_banks() == 1 && host_objects == 5);
	host_log_clear();
	free_percpu(object);
	free_percpu(object);
	CHECK(strstr(host_log, "which was freed by"));
	host_run_work();
	CHECK(!host_banks() && host_objects == 2);
	host_log_clear();
	free_percpu(object);
	CHECK(strstr(host_log, "which is not reserved"));
	percpu_vm_free(module);
	CHECK(host_objects == 1 && !host_pages);
}

/* All of a window can be had, to the last byte, whatever is in the others. */
static void test_whole_window(void)
{
	unsigned long long seed = 7;
	int i, round;

	for (round = 0; round < 5; round++) {
		for (i = 0; i < 20; i++) {
			CHECK(!IS_ERR(model_alloc(1 + random_below(&seed,
					PERCPU_VM_SIZE / 4), 8, 0)));
			CHECK(model_alloc_percpu(1 + random_below(&seed,
					3 * PAGE_SIZE), 0));
		}
		for (i = model_areas - 1; i > 0; i -= 2)
			model_free(i);
		CHECK(!IS_ERR(model_alloc(PERCPU_VM_SIZE, PAGE_SIZE, 0)));
		CHECK(model_alloc_percpu(PERCPU_VM_SIZE, 0));
		CHECK(IS_ERR(model_alloc(PERCPU_VM_SIZE + 1, 1, 0)));
		CHECK(strstr(host_log, "take a larger CONFIG_PERCPU_VM_*"));
		model_check();
		while (model_areas > 3) {
			model_free(random_below(&seed, model_areas));
			model_run_work();
		}
	}
	while (model_areas) {
		model_free(0);
		model_run_work();
	}
	model_check();
	CHECK(!host_banks() && !host_pages && !host_objects);
}

/* Whatever fails while a bank is opened, nothing is left of it. */
static void test_bank_failures(void)
{
	unsigned long n, rooms = 0, memories = 0, tables = 0, before;
	unsigned int object;
	void *ptr;

	CHECK(!IS_ERR(model_alloc(MODULES, 1, 0)));
	for (object = 0; object < 2; object++) {
		for (n = 1; ; n++) {
			before = host_tables;
			ptr = object ? model_alloc_percpu(2 * PAGE_SIZE, n) :
				model_alloc(5000, 8, n);
			if (ptr && !IS_ERR(ptr))
				break;
			CHECK(!host_banks() && !vmlist);
			model_check();
			rooms += !!strstr(host_log, "no room for");
			memories += !!strstr(host_log, "no memory for");
			tables += host_tables > before;
		}
		CHECK(host_banks() == 1);
		model_free(0);
		model_run_work();
		CHECK(!host_banks() && !vmlist);
	}
	/* A record of address space, each time; a table now and then. */
	CHECK(rooms == 2 && memories > 15 && tables > 2);
	host_vmalloc = num_possible_cpus() * PERCPU_VM_STRIDE;
	CHECK(IS_ERR(model_alloc(5000, 8, 0)) && !vmlist);
	CHECK(strstr(host_log, "no room for 5000 bytes"));
	model_check();
}

/*
 * While pages were allocated for a new bank another made room where there was
 * none, opened one that has room for both, or one that has not.
 */
static void test_bank_rival(void)
{
	void *ptr;

	rival = percpu_vm_alloc(MODULES, 1, "first");
	host_between = rival_comes;
	rival_size = 0;
	ptr = percpu_vm_alloc(5000, 1, "second");
	CHECK(!IS_ERR(ptr) && !host_banks() && !vmlist && host_objects == 1);
	percpu_vm_free(ptr);

	ptr = percpu_vm_alloc(MODULES, 1, "first");
	host_between = rival_comes;
	rival_size = 3000;
	CHECK(percpu_vm_alloc(5000, 1, "second") == rival - 5000);
	CHECK(host_banks() == 1 && host_objects == 5);
	host_between = rival_comes;
	rival_size = MODULES;
	CHECK(!IS_ERR(percpu_vm_alloc(MODULES, 1, "third")));
	CHECK(host_banks() == 3 && host_objects == 11);
	percpu_vm_free(rival);
	CHECK(host_banks() == 2 && host_objects == 8);
}

/* Far more objects than a window holds; every one a page, and small ones. */
static void test_many_banks(void)
{
	static void *ptr[100000];
	unsigned long flushes, i;
	int cpu;

	for (i = 0; i < 1000; i++)
		CHECK((ptr[i] = __alloc_percpu(PAGE_SIZE)));
	CHECK(host_banks() >= 1000 / 64);
	for (i = 0; i < 1000; i++)
		free_percpu(ptr[i * 7 % 1000]);
	host_run_work();
	CHECK(host_flushes <= 5 && !host_banks() && !host_objects);
	CHECK(!host_pages);

	for (i = 0; i < 100000; i++) {
		CHECK((ptr[i] = __alloc_percpu(64)));
		for_each_possible_cpu(cpu)
			*(u32 *)per_cpu_ptr(ptr[i], cpu) = i * 8 + cpu;
	}
	CHECK(host_banks() >= 6400000 / (int)PERCPU_VM_SIZE - 1);
	CHECK(lines(standin_debugfs_read("layout"), "area\t") == 100000);
	CHECK(lines(standin_debugfs_read("layout"), "bank\t") ==
	      host_banks() + 2);
	flushes = host_flushes;
	for (i = 0; i < 100000; i++) {
		for_each_possible_cpu(cpu)
			CHECK(*(u32 *)per_cpu_ptr(ptr[i], cpu) == i * 8 + cpu);
		free_percpu(ptr[i * 10007l % 100000]);
	}
	host_run_work();
	CHECK(host_flushes <= flushes + 100 && !host_banks());
	CHECK(!host_pages && !host_objects && !vmlist);
}

/*
 * A module that fits in nine open banks but for its alignment, while address
 * space is free below them only: one more bank is opened for it.
 */
static void test_misfits(void)
{
	unsigned long most = PERCPU_VM_SIZE - PAGE_SIZE + 512;
	void *high[10], *low[10];
	int i;

	fill_spare();
	CHECK(percpu_vm_reserve(PERCPU_VM_SIZE, 1, PERCPU_VM_OBJECT, "first") ==
	      FIRST_BANK);
	for (i = 0; i < 10; i++) {
		high[i] = percpu_vm_alloc(PERCPU_VM_SIZE - 64, 1, "high");
		CHECK(!IS_ERR(high[i]));
		CHECK((low[i] = __alloc_percpu(64)));
	}
	CHECK(host_banks() == 10);
	for (i = 0; i < 10; i++)
		percpu_vm_free(high[i]);
	/* The lowest one goes: that is where the next one comes. */
	free_percpu(low[0]);
	host_run_work();
	CHECK(host_banks() == 9);
	high[0] = percpu_vm_alloc(most, PAGE_SIZE, "most");
	CHECK(!IS_ERR(high[0]));
	CHECK(host_banks() == 10);
}

/* Banks in the list, with their pages and tables, and others' areas not. */
static void test_bank_layout(void)
{
	struct vm_struct *other = get_vm_area(5 * PAGE_SIZE, 0);
	unsigned long offset, n, pages;
	char line[200];
	const char *layout;
	int cpu;

	percpu_vm_alloc(MODULES, 1, "first");
	percpu_vm_alloc(10 * PAGE_SIZE, 1, "second");
	offset = (unsigned long)other->next->addr - HOST_STATIC;
	CHECK(other->next->addr == other->addr + 6 * PAGE_SIZE);
	CHECK(!percpu_vm_bank_offset(0, &n) && n == FIRST_BANK);
	CHECK(!percpu_vm_bank_offset(1, &n) && n == offset);
	CHECK(percpu_vm_bank_offset(2, &n) == -ENOENT);
	layout = standin_debugfs_read("layout");
	sprintf(line, "bank\t0 %lu\narea\t%lu %lu second\nbank\t%lu %lu\n",
		LOWMEM, offset + PERCPU_VM_SIZE - 10 * PAGE_SIZE,
		10 * PAGE_SIZE, offset, PERCPU_VM_SIZE);
	CHECK(strstr(layout, line));
	sprintf(line, "area\t%lu %lu first\nbank\t%lu %lu\n", FIRST_BANK,
		PERCPU_VM_SIZE, FIRST_BANK, PERCPU_VM_SIZE);
	CHECK(strstr(layout, line));
	CHECK(lines(layout, "bank\t") == 3);
	sprintf(line, "reserved\t%lu\nfree\t%lu\nlargest\t%lu\n",
		PERCPU_VM_SIZE + 10 * PAGE_SIZE,
		LOWMEM - STATIC_SIZE + PERCPU_VM_SIZE - 10 * PAGE_SIZE,
		PERCPU_VM_SIZE - 10 * PAGE_SIZE);
	CHECK(strstr(layout, line));
	pages = (PERCPU_VM_SIZE >> PAGE_SHIFT) + 10;
	for_each_possible_cpu(cpu) {
		sprintf(line, "pages\tcpu%d %lu\n", cpu, pages);
		CHECK(strstr(layout, line));
	}
	remove_vm_area(other->addr);
	kfree(other);
}
#endif

struct test {
	const char *name;
	void (*run)(void);
	u64 possible;
	const char *panics;	/* what it must say, or NULL */
	void (*before)(void);
};

#define ANY	0x2du		/* CPUs 0, 2, 3 and 5 */

#ifdef UNIT_STATIC_TOO_LARGE
static const struct test tests[] = {
	{ "static_too_large", test_nothing, 1,
	  "bytes of static per-CPU data, a window holds" },
};
#elif defined(UNIT_LARGE)
static const struct test tests[] = {
	{ "large_batch", test_large_batch, ANY },
	{ "100000_objects", test_100000_objects, 1 },
};
#else
static const struct test tests[] = {
	{ "static", test_static, ANY },
	{ "static_one_cpu", test_static, 1 },
	{ "static_last_cpu", test_static, 1u << 31 | 1 },
	{ "windows", test_windows, ANY },
	{ "boot_line", test_boot_line, ANY },
	{ "tables", test_tables, ANY },
	{ "tables_all_cpus", test_tables, 0xffffffff },
	{ "zero_size", test_zero_size, ANY },
	{ "alignment", test_alignment, ANY },
	{ "full", test_full, ANY, NULL, only_first_bank },
#ifndef HOST_LOWMEM
	{ "core_reserve", test_core_reserve, ANY },
#endif
	{ "over_64k", test_over_64k, ANY },
	{ "shared_page", test_shared_page, ANY },
	{ "inside_a_page", test_inside_a_page, ANY },
	{ "merge", test_merge, ANY },
	{ "holes", test_holes, ANY },
	{ "misaligned_holes", test_misaligned_holes, ANY },
	{ "guards", test_guards, ANY },
	{ "null", test_null, ANY, NULL, only_first_bank },
	{ "failures", test_failures, ANY },
	{ "fail_page", test_fail_page, ANY },
	{ "rival", test_rival, ANY, NULL, only_first_bank },
	{ "layout", test_layout, ANY },
	{ "long_layout", test_long_layout, ANY },
	{ "layout_no_memory", test_layout_no_memory, ANY },
	{ "kcore", test_kcore, ANY },
	{ "bad_free", test_bad_free, ANY },
	{ "alloc_percpu", test_alloc_percpu, ANY },
	{ "free_percpu", test_free_percpu, ANY },
	{ "double_free_percpu", test_double_free_percpu, ANY },
	{ "late_write", test_late_write, ANY },
	{ "interrupts_off", test_interrupts_off, ANY },
	{ "turns", test_turns, ANY },
	{ "flood", test_flood, ANY },
	{ "free_makes_room", test_free_makes_room, ANY, NULL, only_first_bank },
	{ "phys", test_phys, ANY },
	{ "copy", test_copy, ANY },
	{ "owner", test_owner, ANY },
	{ "nodes", test_nodes, 0xf, NULL, nodes },
	{ "batches", test_batches, ANY, NULL, only_first_bank },
	{ "35000_objects", test_35000_objects, 2 },
#ifdef HOST_LOWMEM
	{ "spare_room", test_spare_room, ANY },
	{ "grow", test_grow, ANY },
	{ "grow_last_cpu", test_grow, 1u << 31 | 1 },
	{ "bad_free_in_bank", test_bad_free_in_bank, ANY },
	{ "whole_window", test_whole_window, ANY },
	{ "bank_failures", test_bank_failures, ANY },
	{ "bank_rival", test_bank_rival, ANY },
	{ "many_banks", test_many_banks, ANY },
	{ "misfits", test_misfits, ANY },
	{ "bank_layout", test_bank_layout, ANY },
#endif
};
#endif

/* In a process of its own.  Returns whether it ended as it should. */
static int run(const struct test *test)
{
	char out[1024] = "";
	int fd[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	fflush(stdout);
	if (pipe(fd))
		abort();
	pid = fork();
	if (!pid) {
		alarm(300);
		dup2(fd[1], 1);
		close(fd[0]);
		close(fd[1]);
		if (test->before)
			test->before();
		host_boot(test->possible);
		test->run();
		exit(0);
	}
	close(fd[1]);
	while ((got = read(fd[0], out + n, sizeof(out) - 1 - n)) > 0)
		n += got;
	out[n] = 0;
	close(fd[0]);
	waitpid(pid, &status, 0);
	if (out[0] && !test->panics)
		printf("%s", out);
	if (test->panics)
		return WIFEXITED(status) && WEXITSTATUS(status) == 42 &&
			strstr(out, test->panics);
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

static int failed, number;

static void report(const char *name, int ok)
{
	printf("%s %d - unit levels=%d%s %s\n", ok ? "ok" : "not ok", ++number,
	       HOST_LEVELS, LOWMEM ? " lowmem" : "", name);
	failed += !ok;
}

static int wanted(const char *name, char **names)
{
	if (!*names)
		return 1;
	for (; *names; names++)
		if (!strcmp(name, *names))
			return 1;
	return 0;
}

int main(int argc, char **argv)
{
	unsigned int i;

	printf("TAP version 13\n");
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		if (wanted(tests[i].name, argv + 1))
			report(tests[i].name, run(&tests[i]));
	printf("1..%d\n", number);
	return failed || !number;
}

/* See model.h. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/err.h>
#include <linux/percpu_vm.h>
#include "host.h"
#include "model.h"

#define MAX_AREAS	100000
#define USABLE		PERCPU_VM_SIZE
#define STATIC_SIZE	((unsigned long)(__per_cpu_end - __per_cpu_start))
#define FLOOR		(PAGE_ALIGN(STATIC_SIZE) + PERCPU_VM_SIZE / 8)
#define TRIES		8	/* gaps that need not be too large */

struct model_area model[MAX_AREAS];
int model_areas;

/* The gap before reservation @i, or after the last. */
static void gap(int i, unsigned long *start, unsigned long *end)
{
	*start = i ? model[i - 1].offset + model[i - 1].size : STATIC_SIZE;
	*end = i < model_areas ? model[i].offset : USABLE;
}

/* Where it belongs, and between which neighbours; or -1. */
static int place(unsigned long size, unsigned long align, int object,
		 unsigned long *where)
{
	unsigned long start, end;
	int i, n, tries = 0;

	for (n = 0; n <= model_areas; n++) {
		i = object ? n : model_areas - n;
		gap(i, &start, &end);
		if (end - start < size || (tries >= TRIES &&
					   end - start < size + align - 1))
			continue;
		tries++;
		*where = object ? start : end - size;
		while (*where % align)
			*where += object ? 1 : -1;
		if (!object && *where < FLOOR)
			return -1;
		if (*where >= start && *where + size <= end)
			return i;
	}
	return -1;
}

static unsigned long pages_per_cpu(void)
{
	unsigned long end, first, last, mapped = 0, i;

	end = PAGE_ALIGN(STATIC_SIZE);
	for (i = 0; i < (unsigned long)model_areas; i++) {
		first = max(model[i].offset & PAGE_MASK, end);
		last = PAGE_ALIGN(model[i].offset + model[i].size);
		if (last > first)
			mapped += (last - first) >> PAGE_SHIFT;
		end = max(end, last);
	}
	return mapped;
}

static void check_memory(void)
{
	unsigned long start, end, room = 0, largest = 0;
	struct percpu_vm_totals totals;
	int i;

	for (i = 0; i <= model_areas; i++) {
		gap(i, &start, &end);
		room += end - start;
		largest = max(largest, end - start);
	}
	percpu_vm_totals(&totals);
	CHECK(totals.room == room && totals.largest == largest);
	CHECK(totals.flushes == host_flushes);
	CHECK(!host_stale);
	CHECK(host_objects == (unsigned long)model_areas);
	CHECK(host_pages == pages_per_cpu() * num_possible_cpus());
}

static int all(const unsigned char *p, unsigned char value, unsigned long size)
{
	return !size || (p[0] == value && !memcmp(p, p + 1, size - 1));
}

static void *copy_of(struct model_area *area, int cpu)
{
	return (void *)(PERCPU_VM_START + cpu * PERCPU_VM_STRIDE +
			area->offset);
}

/* What waited is gone. */
static void reaped(void)
{
	int i, kept = 0;

	for (i = 0; i < model_areas; i++)
		if (!model[i].freed)
			model[kept++] = model[i];
	model_areas = kept;
}

/* @ptr was allocated where number @i would be. */
static void add(int i, unsigned long where, unsigned long size, int object,
		void *ptr)
{
	int cpu;

	memmove(&model[i + 1], &model[i], (model_areas - i) * sizeof(*model));
	model_areas++;
	model[i].offset = where;
	model[i].size = size;
	model[i].tag = where * 37 + size;
	model[i].object = object;
	model[i].freed = 0;
	model[i].ptr = ptr;
	check_memory();
	for_each_possible_cpu(cpu) {
		CHECK((object ? per_cpu_ptr(ptr, cpu) :
		       percpu_vm_ptr(ptr, cpu)) == copy_of(&model[i], cpu));
		CHECK(all(copy_of(&model[i], cpu), 0, size));
		memset(copy_of(&model[i], cpu), model[i].tag + cpu, size);
	}
}

void *model_alloc(unsigned long size, unsigned long align, unsigned long fail)
{
	int i, legal = align <= PAGE_SIZE && !(align & (align - 1));
	unsigned long where = 0;
	void *ptr;

	CHECK(model_areas < MAX_AREAS);
	host_log_clear();
	host_fail(fail);
	ptr = percpu_vm_alloc(size, align, "model");
	fail = host_failed();
	host_fail(0);
	if (!align)
		align = 1;
	if (legal && size)
		reaped();
	i = legal ? place(size, align, 0, &where) : -1;

	if (IS_ERR(ptr)) {
		CHECK(PTR_ERR(ptr) == (legal ? -ENOMEM : -EINVAL));
		CHECK(i < 0 || fail);	/* else there was room */
		CHECK(strstr(host_log, "model"));
		check_memory();
		return ptr;
	}
	CHECK(!host_log[0]);
	if (!size)
		return ptr;
	CHECK(i >= 0 && !fail);
	CHECK((unsigned long)ptr - PERCPU_VM_LINK == where);
	add(i, where, size, 0, ptr);
	return ptr;
}

void *model_alloc_percpu(unsigned long size, unsigned long fail)
{
	unsigned long where = 0, align;
	void *ptr;
	int i;

	CHECK(model_areas < MAX_AREAS);
	host_log_clear();
	host_fail(fail);
	ptr = __alloc_percpu(size);
	fail = host_failed();
	host_fail(0);
	size = size ? ALIGN(size, 8) : 8;
	align = min(size & -size, PAGE_SIZE);
	reaped();
	i = place(size, align, 1, &where);
	if (!ptr) {
		CHECK(i < 0 || fail);
		CHECK(strstr(host_log, "percpu_vm"));
		check_memory();
		return ptr;
	}
	CHECK(!host_log[0] && i >= 0 && !fail);
	add(i, where, size, 1, ptr);
	return ptr;
}

void model_free(int i)
{
	void *ptr = model[i].ptr;
	int cpu;

	if (model[i].freed)
		return;
	for_each_possible_cpu(cpu)
		CHECK(all(copy_of(&model[i], cpu), model[i].tag + cpu,
			  model[i].size));
	host_log_clear();
	if (model[i].object) {
		model[i].freed = 1;
		host_atomic = 1;
		free_percpu(ptr);
		host_atomic = 0;
	} else {
		memmove(&model[i], &model[i + 1],
			(--model_areas - i) * sizeof(*model));
		percpu_vm_free(ptr);
	}
	CHECK(!host_log[0]);
	check_memory();
}

void model_run_work(void)
{
	if (!host_work_pending())
		return;
	host_run_work();
	reaped();
	check_memory();
}

void model_check(void)
{
	unsigned long page, window;
	int cpu, i, touched;

	check_memory();
	for_each_possible_cpu(cpu) {
		window = PERCPU_VM_START + cpu * PERCPU_VM_STRIDE;
		i = 0;
		for (page = 0; page < PERCPU_VM_STRIDE; page += PAGE_SIZE) {
			while (i < model_areas &&
			       model[i].offset + model[i].size <= page)
				i++;
			touched = page < STATIC_SIZE || (i < model_areas &&
				model[i].offset < page + PAGE_SIZE);
			CHECK(!!host_page_at(window + page) == touched);
		}
	}
}

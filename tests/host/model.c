/* See model.h. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/err.h>
#include <linux/percpu_vm.h>
#include "host.h"
#include "model.h"

#define MAX_AREAS	40000
#define USABLE		(PERCPU_VM_STRIDE - PAGE_SIZE)
#define STATIC_SIZE	((unsigned long)(__per_cpu_end - __per_cpu_start))

struct model_area model[MAX_AREAS];
int model_areas;

/* The place that leaves the least, and between which neighbours; or -1. */
static int place(unsigned long size, unsigned long align, unsigned long *where)
{
	unsigned long start = STATIC_SIZE, end, left = -1UL;
	int i, found = -1;

	for (i = 0; i <= model_areas; i++) {
		end = i < model_areas ? model[i].offset : USABLE;
		while (start % align)
			start++;
		if (start <= end && size <= end - start &&
		    end - start - size < left) {
			found = i;
			left = end - start - size;
			*where = start;
		}
		if (i < model_areas)
			start = model[i].offset + model[i].size;
	}
	return found;
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
	CHECK(!host_stale);
	CHECK(host_objects == (unsigned long)model_areas);
	CHECK(host_pages == pages_per_cpu() * num_possible_cpus());
}

static int all(const unsigned char *p, unsigned char value, unsigned long size)
{
	return !size || (p[0] == value && !memcmp(p, p + 1, size - 1));
}

void *model_alloc(unsigned long size, unsigned long align, unsigned long fail)
{
	unsigned long where = 0;
	int i, cpu, legal = align <= PAGE_SIZE && !(align & (align - 1));
	void *ptr;

	CHECK(model_areas < MAX_AREAS);
	host_log_clear();
	host_fail(fail);
	ptr = percpu_vm_alloc(size, align, "model");
	fail = host_failed();
	host_fail(0);
	if (!align)
		align = 1;
	i = legal ? place(size, align, &where) : -1;

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

	memmove(&model[i + 1], &model[i], (model_areas - i) * sizeof(*model));
	model_areas++;
	model[i].offset = where;
	model[i].size = size;
	model[i].tag = where * 37 + size;
	model[i].ptr = ptr;
	check_memory();
	for_each_possible_cpu(cpu) {
		CHECK(all(percpu_vm_ptr(ptr, cpu), 0, size));
		memset(percpu_vm_ptr(ptr, cpu), model[i].tag + cpu, size);
	}
	return ptr;
}

void model_free(int i)
{
	void *ptr = model[i].ptr;
	int cpu;

	for_each_possible_cpu(cpu)
		CHECK(all(percpu_vm_ptr(ptr, cpu), model[i].tag + cpu,
			  model[i].size));
	memmove(&model[i], &model[i + 1],
		(--model_areas - i) * sizeof(*model));
	host_log_clear();
	percpu_vm_free(ptr);
	CHECK(!host_log[0]);
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

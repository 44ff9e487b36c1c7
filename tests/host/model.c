/* See model.h. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/err.h>
#include <linux/vmalloc.h>
#include "../../mm/percpu_vm.h"
#include "host.h"
#include "model.h"

#define MAX_AREAS	100000
#define MAX_BANKS	1000
#define TRIES		8	/* gaps that need not be too large */

struct model_area model[MAX_AREAS];
int model_areas;

/* What the allocator may hand out of, in address order; offsets. */
static struct {
	unsigned long start, end;
} banks[MAX_BANKS];
static int nr_banks;

/* The free bytes between reservations of a bank, number @before behind them. */
static struct {
	unsigned long start, end;
	int before;
} gaps[MAX_AREAS + MAX_BANKS];
static int nr_gaps;

static void add_bank(unsigned long start, unsigned long end)
{
	CHECK(nr_banks < MAX_BANKS);
	banks[nr_banks].start = start;
	banks[nr_banks++].end = end;
}

/* Those that are there now. */
static void see_banks(void)
{
	struct vm_struct *vm;
	unsigned long offset;

	nr_banks = 0;
	if (LOWMEM)
		add_bank(STATIC_SIZE, LOWMEM);
	for (vm = vmlist; vm; vm = vm->next) {
		if (vm->flags != VM_PERCPU)
			continue;
		offset = (unsigned long)vm->addr - HOST_STATIC;
		add_bank(offset, offset + PERCPU_VM_SIZE);
	}
	add_bank(FIRST_BANK + (LOWMEM ? 0 : STATIC_SIZE),
		 FIRST_BANK + PERCPU_VM_SIZE);
}

static int permanent(int bank)
{
	return banks[bank].end == LOWMEM || bank == nr_banks - 1;
}

/* Forget those of vmalloc that have nothing left. */
static void close_banks(void)
{
	int bank, i = 0, kept = 0, empty;

	for (bank = 0; bank < nr_banks; bank++) {
		while (i < model_areas && model[i].offset < banks[bank].start)
			i++;
		empty = i == model_areas || model[i].offset >= banks[bank].end;
		if (!empty || permanent(bank))
			banks[kept++] = banks[bank];
	}
	nr_banks = kept;
}

static void find_gaps(void)
{
	unsigned long start;
	int bank, i = 0;

	nr_gaps = 0;
	for (bank = 0; bank < nr_banks; bank++) {
		start = banks[bank].start;
		for (; ; i++) {
			gaps[nr_gaps].start = start;
			gaps[nr_gaps].before = i;
			if (i == model_areas ||
			    model[i].offset >= banks[bank].end)
				break;
			gaps[nr_gaps++].end = model[i].offset;
			start = model[i].offset + model[i].size;
		}
		gaps[nr_gaps++].end = banks[bank].end;
	}
}

/* Where it belongs, and before which reservation; or -1. */
static int place(unsigned long size, unsigned long align, int object,
		 unsigned long *where)
{
	unsigned long start, end, floor = LOWMEM ? LOWMEM : FLOOR;
	int n, i, tries = 0;

	find_gaps();
	for (n = 0; n < nr_gaps; n++) {
		i = object ? n : nr_gaps - 1 - n;
		start = gaps[i].start;
		end = gaps[i].end;
		if (end - start < size || (tries >= TRIES &&
					   end - start < size + align - 1))
			continue;
		tries++;
		*where = object ? start : end - size;
		while (*where % align)
			*where += object ? 1 : -1;
		if (!object && *where < floor)
			return -1;
		if (*where >= start && *where + size <= end)
			return gaps[i].before;
	}
	return -1;
}

/* Where a static section is mapped, and where lowmem is, nothing comes. */
static unsigned long pages_per_cpu(void)
{
	unsigned long end = LOWMEM ? LOWMEM : PAGE_ALIGN(STATIC_SIZE);
	unsigned long first, last, mapped = 0, i;

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
	unsigned long size, room = 0, largest = 0, objects = model_areas;
	struct percpu_vm_totals totals;
	struct vm_struct *vm;
	int i, had = nr_banks;

	close_banks();
	CHECK(nr_banks == had);
	find_gaps();
	for (i = 0; i < nr_gaps; i++) {
		room += gaps[i].end - gaps[i].start;
		largest = max(largest, gaps[i].end - gaps[i].start);
	}
	percpu_vm_totals(&totals);
	CHECK(totals.free == room && totals.largest == largest);
	size = LOWMEM ? LOWMEM + (nr_banks - 1) * PERCPU_VM_SIZE :
		PERCPU_VM_SIZE;
	CHECK(totals.size == size);
	CHECK(totals.flushes == host_flushes);
	CHECK(!host_stale);
	/* A record for an area of vmalloc's, and one for the bank in it. */
	for (vm = vmlist; vm; vm = vm->next)
		objects += vm->flags == VM_PERCPU ? 2 : 1;
	CHECK(host_objects == objects);
	CHECK(host_banks() == nr_banks - (LOWMEM ? 2 : 1));
	CHECK(host_pages == pages_per_cpu() * num_possible_cpus());
}

static int all(const unsigned char *p, unsigned char value, unsigned long size)
{
	return !size || (p[0] == value && !memcmp(p, p + 1, size - 1));
}

static void *copy_of(struct model_area *area, int cpu)
{
	return (void *)(host_copy(cpu) + area->offset);
}

/* What waited is gone, and banks that had nothing else. */
static void reaped(void)
{
	int i, kept = 0;

	if (!nr_banks)
		see_banks();

	for (i = 0; i < model_areas; i++)
		if (!model[i].freed)
			model[kept++] = model[i];
	model_areas = kept;
	close_banks();
}

/* What was asked for had no place: is there one, in one more bank? */
static int place_again(unsigned long size, unsigned long align, int object,
		       unsigned long *where)
{
	int had = nr_banks;

	see_banks();
	CHECK(nr_banks == had + 1);
	return place(size, align, object, where);
}

/* No place, and no other reason to refuse. */
static void check_refusal(unsigned long size)
{
	CHECK(!LOWMEM || size > PERCPU_VM_SIZE || !host_has_room_for_bank());
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
		if (legal && !fail)
			check_refusal(size);
		CHECK(strstr(host_log, "model"));
		check_memory();
		return ptr;
	}
	CHECK(!host_log[0]);
	if (!size)
		return ptr;
	if (i < 0)
		i = place_again(size, align, 0, &where);
	CHECK(i >= 0 && !fail);
	CHECK((char *)ptr - __per_cpu_start == (long)where);
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
		if (!fail)
			check_refusal(size);
		CHECK(strstr(host_log, "percpu_vm"));
		check_memory();
		return ptr;
	}
	if (i < 0)
		i = place_again(size, align, 1, &where);
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
		close_banks();
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

/* Each reservation, and behind the last of a bank its end, in order. */
static void check_look(void)
{
	struct percpu_vm_info info;
	unsigned long offset = 0, n;
	int bank, i = 0;

	for (bank = 0; bank < nr_banks; bank++) {
		for (; i < model_areas && model[i].offset < banks[bank].end;
		     i++, offset = info.offset + 1) {
			CHECK(!percpu_vm_describe(offset, &info));
			CHECK(info.offset == model[i].offset);
			CHECK(info.size == model[i].size);
			CHECK(info.kind == (model[i].freed ? PERCPU_VM_FREED :
				model[i].object ? PERCPU_VM_OBJECT :
				PERCPU_VM_MODULE));
		}
		CHECK(!percpu_vm_describe(offset, &info));
		CHECK(info.kind == PERCPU_VM_END_OF_BANK);
		CHECK(info.offset == banks[bank].end);
		CHECK(info.size == (banks[bank].end == LOWMEM ? LOWMEM :
				    PERCPU_VM_SIZE));
		offset = info.offset + 1;
	}
	CHECK(percpu_vm_describe(offset, &info) == -ENOENT);

	/* The first one first, and all but what is in lowmem. */
	for (n = 0; !percpu_vm_bank_offset(n, &offset); n++) {
		for (bank = 0; bank < nr_banks; bank++)
			if (banks[bank].end == offset + PERCPU_VM_SIZE)
				break;
		CHECK(bank < nr_banks && (n || offset == FIRST_BANK));
	}
	CHECK(n == (unsigned long)nr_banks - (LOWMEM ? 1 : 0));
}

static void check_pages(int cpu, unsigned long bank)
{
	unsigned long page, end = bank + PERCPU_VM_STRIDE;
	int i = 0, touched;

	for (page = bank; page < end; page += PAGE_SIZE) {
		while (i < model_areas &&
		       model[i].offset + model[i].size <= page)
			i++;
		touched = (!LOWMEM && page < STATIC_SIZE) || (i < model_areas &&
			model[i].offset < page + PAGE_SIZE);
		CHECK(!!host_page_at(host_copy(cpu) + page) == touched);
	}
}

void model_check(void)
{
	int cpu, bank;

	if (!nr_banks)
		see_banks();
	check_memory();
	check_look();
	for_each_possible_cpu(cpu)
		for (bank = 0; bank < nr_banks; bank++)
			if (banks[bank].end != LOWMEM)
				check_pages(cpu, banks[bank].end -
					    PERCPU_VM_SIZE);
}

/*
 * Random reservations and releases, each compared with the model.
 *
 * usage: random [STEPS [SEED]]	1,000,000 steps with seed 1 by default
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <linux/kernel.h>
#include <linux/err.h>
#include <linux/percpu_vm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "host.h"
#include "model.h"
#include "../random.h"

#define OTHERS		4

static unsigned long long state;
static struct vm_struct *other[OTHERS];

static u32 rnd(u32 below)
{
	return random_below(&state, below);
}

/* Mostly small, sometimes pages, now and then most of the window. */
static unsigned long random_size(void)
{
	switch (rnd(8)) {
	case 0:
		return rnd(4 * PAGE_SIZE);
	case 1:
		return rnd(20) ? PAGE_SIZE : rnd(PERCPU_VM_STRIDE);
	case 2:
		return rnd(PAGE_SIZE);
	default:
		return 1 + rnd(256);
	}
}

/* Others take of vmalloc's space, and give back. */
static void random_other(void)
{
	int i = rnd(OTHERS);

	if (other[i])
		kfree(remove_vm_area(other[i]->addr));
	other[i] = rnd(3) ? get_vm_area(rnd(64) * PAGE_SIZE, 0) : NULL;
}

int main(int argc, char **argv)
{
	unsigned long steps = argc > 1 ? atol(argv[1]) : 1000000;
	unsigned long done, refused = 0, failed = 0, fail;
	int most = 0, most_banks = 0, target = 20, i;
	void *ptr;

	state = argc > 2 ? atol(argv[2]) : 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
	host_boot(0x25);
	/* Some four banks, less what others take. */
	if (LOWMEM)
		host_vmalloc = 4 * 6 * PERCPU_VM_STRIDE + 40 * PAGE_SIZE;
	for (done = 0; done < steps; done++) {
		/* The number of reservations wanders between 0 and 60. */
		if (!rnd(500))
			target = rnd(60);
		if (rnd(60) + (u32)target > 30 + (u32)model_areas) {
			fail = rnd(20) ? 0 : 1 + rnd(10);
			ptr = rnd(3) ? model_alloc_percpu(random_size(), fail) :
				model_alloc(random_size(), 1u << rnd(13), fail);
			if ((!ptr || IS_ERR(ptr)) && fail)
				failed++;
			else if (!ptr || IS_ERR(ptr))
				refused++;
		} else if (model_areas) {
			model_free(rnd(model_areas));
		}
		if (!rnd(10))
			model_run_work();
		if (LOWMEM && !rnd(20))
			random_other();
		most = max(most, model_areas);
		most_banks = max(most_banks, host_banks());
		if (!(done % 100))
			model_check();
		if (done && !(done % (steps / 4 + 1)))
			printf("# %lu steps\n", done);
	}
	while (model_areas) {
		model_free(rnd(model_areas));
		model_run_work();
	}
	for (i = 0; i < OTHERS; i++)
		if (other[i])
			kfree(remove_vm_area(other[i]->addr));
	model_check();
	CHECK(!host_pages && !host_objects && most > 10 && failed && refused);
	CHECK(!LOWMEM || most_banks > 2);
	printf("# %lu steps, up to %d reservations, %d further banks, %lu "
	       "refused for room, %lu injected failures, 0 bytes leaked\n",
	       done, most, most_banks, refused, failed);
	printf("ok 1 - random levels=%d%s\n1..1\n", HOST_LEVELS,
	       LOWMEM ? " lowmem" : "");
	return 0;
}

/*
 * pcpu_turns - so many objects freed at once that their release takes long
 *
 * Who allocates then must not pay for all of it: it takes a twentieth of the
 * time at most that allocating them took.
 *
 * objects=N	how many
 */
#include "test_module.h"
#include <linux/moduleparam.h>
#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include <asm/timex.h>

static int objects = 200000;
module_param(objects, int, 0);

static int __init turns_init(void)
{
	unsigned long long start, one, all;
	void **object, *next;
	int i, made, errors;

	object = vmalloc(objects * sizeof(*object));
	if (!object)
		return -ENOMEM;
	start = get_cycles();
	for (made = 0; made < objects; made++) {
		object[made] = __alloc_percpu(4);
		if (!object[made])
			break;
	}
	all = get_cycles() - start;
	for (i = 0; i < made; i++)
		free_percpu(object[i]);
	start = get_cycles();
	next = __alloc_percpu(4);
	one = get_cycles() - start;
	/* What the work item left to itself for the next tick. */
	for (i = 0; i < made / 1000; i++) {
		msleep(10);
		flush_scheduled_work();
	}
	errors = made < objects || !next || 20 * one > all;
	free_percpu(next);
	vfree(object);
	printk(KERN_INFO "pcpu_turns: %d objects freed at once, the next took "
	       "%lu kilocycles, they %lu\n", made, (unsigned long)(one >> 10),
	       (unsigned long)(all >> 10));
	printk(KERN_INFO "pcpu_turns: %d errors\n", errors);
	return errors ? -EIO : 0;
}

TEST_MODULE(turns_init);

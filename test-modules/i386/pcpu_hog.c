/*
 * pcpu_hog - allocates per-CPU objects until there is no room for one of least
 * bytes, in any bank, and vmalloc has none for another
 *
 * leave=N	leaves a hole of N bytes in a window, up to 65536
 * vmalloc=N	leaves N KiB to vmalloc() in one piece, which must be less than
 *		a bank takes
 */
#include "test_module.h"
#include <linux/moduleparam.h>
#include <linux/vmalloc.h>

struct object {
	struct object	*next;
};

static unsigned int leave, least = sizeof(struct object);
module_param(leave, uint, 0);
static unsigned int leave_vmalloc;
module_param_named(vmalloc, leave_vmalloc, uint, 0);
module_param(least, uint, 0);

static struct object *objects;
static void **blocks;		/* each has the address of the next */

static void free_blocks(void)
{
	void **block;

	while ((block = blocks)) {
		blocks = *block;
		vfree(block);
	}
}

static void take_vmalloc(void)
{
	unsigned long size = 1 << 20;
	void **block;

	while (size >= PAGE_SIZE) {
		block = vmalloc(size);
		if (!block) {
			size /= 2;
			continue;
		}
		*block = blocks;
		blocks = block;
	}
}

static int __init hog_init(void)
{
	unsigned int size = 65536, count = 0;
	int cpu = first_cpu(cpu_possible_map);
	struct object *object;
	void *hole, *room = NULL;

	if (leave > 65536)
		return -EINVAL;
	if (leave_vmalloc) {
		room = vmalloc(leave_vmalloc << 10);
		if (!room)
			return -ENOMEM;
	}
	hole = __alloc_percpu(65536);
	if (!hole) {
		vfree(room);
		return -ENOMEM;
	}
	while (size >= least) {
		object = __alloc_percpu(size);
		if (!object) {
			size /= 2;
			continue;
		}
		per_cpu_ptr(object, cpu)->next = objects;
		objects = object;
		count++;
	}
	take_vmalloc();
	free_percpu(hole);
	/* The same place, and there the hole is first, and the rest taken. */
	hole = leave ? __alloc_percpu(leave) : NULL;
	object = leave < 65536 ? __alloc_percpu(65536 - leave) : NULL;
	free_percpu(hole);
	if (object) {
		per_cpu_ptr(object, cpu)->next = objects;
		objects = object;
	}
	vfree(room);
	printk(KERN_INFO "pcpu_hog: %u objects, a hole of %u bytes\n", count,
	       leave);
	return count ? 0 : -EIO;
}

static void __exit hog_exit(void)
{
	int cpu = first_cpu(cpu_possible_map);
	struct object *object;

	while ((object = objects)) {
		objects = per_cpu_ptr(object, cpu)->next;
		free_percpu(object);
	}
	free_blocks();
}

TEST_MODULE_EXIT(hog_init, hog_exit);

/*
 * pcpu_hog - allocates per-CPU objects until there is no room for one of least
 * bytes; leaves a hole of leave bytes
 */
#include "test_module.h"
#include <linux/moduleparam.h>

struct object {
	struct object	*next;
};

static unsigned int leave, least = sizeof(struct object);
module_param(leave, uint, 0);
module_param(least, uint, 0);

static struct object *objects;

static int __init hog_init(void)
{
	unsigned int size = 65536, count = 0;
	int cpu = first_cpu(cpu_possible_map);
	struct object *object;
	void *hole = NULL;

	if (leave) {
		hole = __alloc_percpu(leave);
		if (!hole)
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
	free_percpu(hole);
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
}

TEST_MODULE_EXIT(hog_init, hog_exit);

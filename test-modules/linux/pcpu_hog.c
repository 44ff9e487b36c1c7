/* pcpu_hog - allocates per-CPU objects until there is no room for a word */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>
#include <linux/percpu.h>

struct object {
	struct object	*next;
};

static struct object *objects;

static int __init hog_init(void)
{
	unsigned int size = 65536, count = 0;
	struct object *object, *copy;
	int cpu = first_cpu(cpu_possible_map);

	while (size >= sizeof(*object)) {
		object = __alloc_percpu(size);
		if (!object) {
			size /= 2;
			continue;
		}
		copy = per_cpu_ptr(object, cpu);
		copy->next = objects;
		objects = object;
		count++;
	}
	printk(KERN_INFO "pcpu_hog: %u objects, and no room for another\n",
	       count);
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

module_init(hog_init);
module_exit(hog_exit);
MODULE_LICENSE("GPL");

/* pcpu_sizes - alloc_percpu() of many sizes: copies are zeroed, and apart */
#include "test_module.h"
#include <linux/string.h>
#include <linux/cpumask.h>

static const size_t sizes[] = { 4, 8, 24, 64, 100, 512, 1000, 4096, 12288 };
static void *objects[ARRAY_SIZE(sizes) * 10];

/* How many bytes of CPU's copy of object @i are not @byte. */
static int differ(int i, int cpu, int byte)
{
	unsigned char *copy = per_cpu_ptr(objects[i], cpu);
	int n, wrong = 0;

	for (n = 0; n < sizes[i % ARRAY_SIZE(sizes)]; n++)
		wrong += copy[n] != (unsigned char)byte;
	return wrong;
}

static void free_all(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(objects); i++)
		if (objects[i])
			free_percpu(objects[i]);
}

static int __init objects_init(void)
{
	int i, cpu, wrong = 0;

	for (i = 0; i < ARRAY_SIZE(objects); i++) {
		objects[i] = __alloc_percpu(sizes[i % ARRAY_SIZE(sizes)]);
		if (!objects[i]) {
			free_all();
			return -ENOMEM;
		}
		for_each_possible_cpu(cpu) {
			wrong += differ(i, cpu, 0);
			memset(per_cpu_ptr(objects[i], cpu),
			       (i * 8 + cpu) & 255,
			       sizes[i % ARRAY_SIZE(sizes)]);
		}
	}
	printk(KERN_INFO "pcpu_sizes: %d errors\n", wrong);
	return 0;
}

static void __exit objects_exit(void)
{
	int i, cpu, wrong = 0;

	for (i = 0; i < ARRAY_SIZE(objects); i++)
		for_each_possible_cpu(cpu)
			wrong += differ(i, cpu, i * 8 + cpu);
	printk(KERN_INFO "pcpu_sizes: %d errors\n", wrong);
	free_all();
}

TEST_MODULE_EXIT(objects_init, objects_exit);

/*
 * pcpu_objects - 10,000 objects of alloc_percpu(), freed in another order, and
 * the cycles of each operation.  With QEMU's -icount shift=0 a cycle of the
 * time stamp counter is an instruction.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>

#define OBJECTS	10000

static void *objects[OBJECTS];

static inline unsigned long long cycles(void)
{
	unsigned long long value;

	__asm__ volatile("rdtsc" : "=A" (value));
	return value;
}

static unsigned int *copy(int i, int cpu)
{
	return per_cpu_ptr((unsigned int *)objects[i], cpu);
}

/* Returns how many are wrong. */
static int fill_and_check(int made)
{
	int i, cpu, wrong = 0;

	for (i = 0; i < made; i++)
		for_each_possible_cpu(cpu) {
			wrong += *copy(i, cpu) != 0;
			*copy(i, cpu) = i * 100 + cpu;
		}
	for (i = 0; i < made; i++)
		for_each_possible_cpu(cpu)
			wrong += *copy(i, cpu) != (unsigned int)i * 100 + cpu;
	return wrong;
}

static int __init objects_run(unsigned int size)
{
	unsigned long long start, alloc, release;
	int i, made, wrong;

	start = cycles();
	for (made = 0; made < OBJECTS; made++) {
		objects[made] = __alloc_percpu(size);
		if (!objects[made])
			break;
	}
	alloc = cycles() - start;
	wrong = fill_and_check(made);
	start = cycles();
	for (i = 0; i < made; i++)
		free_percpu(objects[i * 7919L % made]);
	/* What waits is released here, if nothing has done it before. */
	objects[0] = __alloc_percpu(size);
	release = cycles() - start;
	free_percpu(objects[0]);
	printk(KERN_INFO "pcpu_objects: %d of %u bytes, %d wrong elements, "
	       "%lu cycles to allocate one, %lu to free one\n", made, size,
	       wrong, (unsigned long)alloc / made,
	       (unsigned long)release / made);
	return wrong || made < OBJECTS;
}

static int __init objects_init(void)
{
	int failed = objects_run(4);

	failed |= objects_run(40);
	failed |= objects_run(64);
	return failed ? -EIO : 0;
}

static void __exit objects_exit(void)
{
}

module_init(objects_init);
module_exit(objects_exit);
MODULE_LICENSE("GPL");

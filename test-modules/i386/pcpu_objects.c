/*
 * pcpu_objects - objects of alloc_percpu(), freed in another order, and the
 * cycles of each operation.  With QEMU's -icount shift=0 a cycle of the time
 * stamp counter is an instruction.
 *
 * objects=N	how many, 10,000 at most
 * size=N	bytes of each; 0 is a mix of 4, 40 and 64
 */
#include "test_module.h"
#include <linux/moduleparam.h>
#include <linux/cpumask.h>

#define MOST	10000
#define STEP	7919		/* a prime: every object is visited once */

static int objects = MOST;
module_param(objects, int, 0);
static int size;
module_param(size, int, 0);

static void *object[MOST];

static inline unsigned long long cycles(void)
{
	unsigned long long value;

	__asm__ volatile("rdtsc" : "=A" (value));
	return value;
}

static unsigned int *copy(int i, int cpu)
{
	return per_cpu_ptr((unsigned int *)object[i], cpu);
}

static size_t bytes(int i)
{
	static const size_t mix[] = { 4, 40, 64 };

	return size ? size : mix[i % 3];
}

/* Returns how many are wrong. */
static int fill_and_check(void)
{
	int i, cpu, wrong = 0;

	for (i = 0; i < objects; i++)
		for_each_possible_cpu(cpu) {
			wrong += *copy(i, cpu) != 0;
			*copy(i, cpu) = i * 100 + cpu;
		}
	for (i = 0; i < objects; i++)
		for_each_possible_cpu(cpu)
			wrong += *copy(i, cpu) != (unsigned int)i * 100 + cpu;
	return wrong;
}

static int __init objects_init(void)
{
	unsigned long long start, alloc, release;
	int i, wrong;

	if (objects < 1 || objects > MOST || size < 0)
		return -EINVAL;
	start = cycles();
	for (i = 0; i < objects; i++) {
		object[i] = __alloc_percpu(bytes(i));
		if (!object[i])
			goto no_memory;
	}
	alloc = cycles() - start;
	wrong = fill_and_check();
	start = cycles();
	for (i = 0; i < objects; i++)
		free_percpu(object[i * (long)STEP % objects]);
	/* What waits is released here, if nothing has done it before. */
	object[0] = __alloc_percpu(4);
	release = cycles() - start;
	free_percpu(object[0]);
	printk(KERN_INFO "pcpu_objects: %d errors, %d of %d bytes, "
	       "%lu cycles to allocate one, %lu to free one\n", wrong, objects,
	       size, (unsigned long)alloc / objects,
	       (unsigned long)release / objects);
	return wrong ? -EIO : 0;

no_memory:
	while (i--)
		free_percpu(object[i]);
	return -ENOMEM;
}

TEST_MODULE(objects_init);

/*
 * 40 bytes of per-CPU data: fits in any kernel, with windows or without.
 */
#include "test_module.h"
#include <linux/cpumask.h>

static DEFINE_PER_CPU(int[10], small) = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

/* How many elements are not what small_init() wrote. */
static int check(void)
{
	int cpu, i, wrong = 0;

	for_each_possible_cpu(cpu)
		for (i = 0; i < 10; i++)
			wrong += per_cpu(small, cpu)[i] != 100 * cpu + i;
	return wrong;
}

static int __init small_init(void)
{
	int cpu, i, wrong = 0;

	for_each_possible_cpu(cpu)
		for (i = 0; i < 10; i++) {
			wrong += per_cpu(small, cpu)[i] != i + 1;
			per_cpu(small, cpu)[i] = 100 * cpu + i;
		}
	wrong += check();
	printk(KERN_INFO "pcpu_small: %d errors\n", wrong);
	return wrong ? -EINVAL : 0;
}

static void __exit small_exit(void)
{
	printk(KERN_INFO "pcpu_small: %d errors\n", check());
}

TEST_MODULE_EXIT(small_init, small_exit);

// SPDX-License-Identifier: GPL-2.0
/*
 * bigarray - more per-CPU data than a stock kernel has for all modules
 *
 * What the test module of the 2006 RFC did: fill an array on every possible
 * CPU and print some of it on the way out.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>

#define ELEMENTS 4200

static DEFINE_PER_CPU(int [ELEMENTS], array);

static int __init bigarray_init(void)
{
	int cpu, i;

	for_each_possible_cpu(cpu)
		for (i = 0; i < ELEMENTS; i++)
			per_cpu(array, cpu)[i] = 10000 + i;
	pr_info("bigarray: %zu bytes on each CPU\n", sizeof(array));
	return 0;
}

static void __exit bigarray_exit(void)
{
	int first = cpumask_first(cpu_possible_mask), errors = 0, cpu, i;

	for_each_possible_cpu(cpu)
		for (i = 0; i < ELEMENTS; i++)
			errors += per_cpu(array, cpu)[i] != 10000 + i;
	for (i = 1; i < ELEMENTS; i *= 2)
		pr_info("bigarray[%d] = %d\n", i, per_cpu(array, first)[i]);
	pr_info("bigarray: %d errors\n", errors);
}

module_init(bigarray_init);
module_exit(bigarray_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("More per-CPU data than a stock kernel has for modules");

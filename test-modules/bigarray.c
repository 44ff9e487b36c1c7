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
	printk(KERN_INFO "bigarray: %u bytes on each CPU\n",
	       (unsigned int)(ELEMENTS * sizeof(int)));
	return 0;
}

static void __exit bigarray_exit(void)
{
	int cpu, i, wrong = 0, first = -1;

	for_each_possible_cpu(cpu) {
		if (first < 0)
			first = cpu;
		for (i = 0; i < ELEMENTS; i++)
			wrong += per_cpu(array, cpu)[i] != 10000 + i;
	}
	for (i = 1; i < ELEMENTS; i *= 2)
		printk(KERN_INFO "bigarray[%d] = %d\n", i,
		       per_cpu(array, first)[i]);
	printk(KERN_INFO "bigarray: %d errors\n", wrong);
}

module_init(bigarray_init);
module_exit(bigarray_exit);
MODULE_LICENSE("GPL");

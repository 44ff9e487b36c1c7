/* pcpu_consumer - uses the per-CPU variable of pcpu_provider */
#include "test_module.h"
#include <linux/cpumask.h>

DECLARE_PER_CPU(int, provided);

static DEFINE_PER_CPU(int, private) = 2;

static int __init consumer_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		if (per_cpu(private, cpu) != 2 ||
		    per_cpu(provided, cpu) != 100 + cpu) {
			printk(KERN_ERR "pcpu_consumer: CPU %d has wrong "
			       "data\n", cpu);
			return -EINVAL;
		}
		per_cpu(provided, cpu) = 200 + cpu;
	}
	printk(KERN_INFO "pcpu_consumer: right on every CPU\n");
	return 0;
}

static void __exit consumer_exit(void)
{
	int cpu, errors = 0;

	for_each_possible_cpu(cpu)
		errors += per_cpu(private, cpu) != 2 ||
			  per_cpu(provided, cpu) != 200 + cpu;
	printk(KERN_INFO "pcpu_consumer: %d errors\n", errors);
}

TEST_MODULE_EXIT(consumer_init, consumer_exit);

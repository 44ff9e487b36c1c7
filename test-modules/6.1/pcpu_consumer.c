// SPDX-License-Identifier: GPL-2.0
/*
 * pcpu_consumer - uses the per-CPU variable of pcpu_provider, from the CPU
 * that it is of and from others
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/atomic.h>
#include <linux/smp.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>

DECLARE_PER_CPU(int, provided);

static DEFINE_PER_CPU(int, private) = 2;
static atomic_t errors = ATOMIC_INIT(0);

static void look(void *unused)
{
	if (this_cpu_read(provided) != 100 + smp_processor_id() ||
	    this_cpu_read(private) != 2)
		atomic_inc(&errors);
}

static int __init consumer_init(void)
{
	int cpu;

	on_each_cpu(look, NULL, 1);
	for_each_possible_cpu(cpu) {
		if (per_cpu(private, cpu) != 2 ||
		    per_cpu(provided, cpu) != 100 + cpu)
			atomic_inc(&errors);
		per_cpu(provided, cpu) = 200 + cpu;
	}
	pr_info("pcpu_consumer: %d errors\n", atomic_read(&errors));
	return atomic_read(&errors) ? -EIO : 0;
}

static void __exit consumer_exit(void)
{
}

module_init(consumer_init);
module_exit(consumer_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Uses a per-CPU variable of another module");

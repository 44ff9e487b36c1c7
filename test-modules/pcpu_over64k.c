/* pcpu_over64k - 70,000 bytes, which stock would book as 4,464 */
#include "test_module.h"
#include <linux/string.h>
#include <linux/cpumask.h>

static DEFINE_PER_CPU(char [70000], large);

static int __init over64k_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu(large, cpu), 0x40 + cpu, 70000);
	return 0;
}

static void __exit over64k_exit(void)
{
	int cpu, i, wrong = 0;

	for_each_possible_cpu(cpu)
		for (i = 0; i < 70000; i++)
			wrong += per_cpu(large, cpu)[i] != (char)(0x40 + cpu);
	printk(KERN_INFO "pcpu_over64k: %d errors\n", wrong);
}

TEST_MODULE_EXIT(over64k_init, over64k_exit);

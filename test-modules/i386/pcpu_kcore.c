/* pcpu_kcore - says where each CPU's copy of a variable is, and its value */
#include "test_module.h"
#include <linux/cpumask.h>

static DEFINE_PER_CPU(unsigned int, kcore);

static int __init kcore_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu(kcore, cpu) = 3141592653U + cpu;
		printk(KERN_INFO "pcpu_kcore: cpu%d %lu %u\n", cpu,
		       (unsigned long)&per_cpu(kcore, cpu),
		       per_cpu(kcore, cpu));
	}
	return 0;
}

TEST_MODULE(kcore_init);

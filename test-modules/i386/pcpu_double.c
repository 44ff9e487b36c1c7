/* pcpu_double - a double fault on the CPU cpu: the stack is not mapped */
#include "test_module.h"
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/cpumask.h>

static int cpu;
module_param(cpu, int, 0);

static int __init double_init(void)
{
	set_cpus_allowed(current, cpumask_of_cpu(cpu));
	printk(KERN_INFO "pcpu_double: on CPU %d\n", raw_smp_processor_id());
	__asm__ volatile("cli\n\t"
			 "movl $0x1234abcd, %%eax\n\t"
			 "movl $0x10, %%esp\n\t"
			 "pushl %%eax" : : : "eax", "memory");
	return -EIO;
}

TEST_MODULE(double_init);

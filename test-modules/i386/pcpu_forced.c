/*
 * pcpu_forced - a module that was built for another stride
 *
 * Its vermagic is removed, so that it loads.  It then looks for its variable
 * where that is not, but for CPU 0's copy, which any stride leads to: this must
 * fault, and must not lead to something else.
 */
#include "test_module.h"
#include <linux/cpumask.h>
#include <asm/uaccess.h>

static DEFINE_PER_CPU(int, variable) = 12345;

static int __init forced_init(void)
{
	mm_segment_t old = get_fs();
	int cpu, value, errors = 0, n = 0;

	set_fs(KERNEL_DS);
	for_each_possible_cpu(cpu) {
		if (!cpu)
			continue;
		errors += !__get_user(value, (int __user *)
				      &per_cpu(variable, cpu));
		n++;
	}
	set_fs(old);
	(void)value;
	printk(KERN_INFO "pcpu_forced: %d of %d accesses did not fault\n",
	       errors, n);
	printk(KERN_INFO "pcpu_forced: %d errors\n", errors);
	return errors ? -EIO : 0;
}

TEST_MODULE(forced_init);

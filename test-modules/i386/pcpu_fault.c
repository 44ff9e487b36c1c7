/*
 * pcpu_fault - read addresses on every CPU, and see whether they fault
 *
 * addr and, with stride, what is that much above it for each possible CPU;
 * null: per_cpu_ptr(NULL, cpu) instead.  Fails if a read does not end as
 * expected.
 */
#include "test_module.h"
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/cpumask.h>
#include <asm/uaccess.h>

static unsigned long addr, stride;
static int null, expect = 1;
module_param(addr, ulong, 0);
module_param(stride, ulong, 0);
module_param(null, int, 0);
module_param(expect, int, 0);

static int faults(unsigned long address)
{
	mm_segment_t old = get_fs();
	char c;
	int err;

	set_fs(KERNEL_DS);
	err = __get_user(c, (char __user *)address);
	set_fs(old);
	(void)c;
	return err != 0;
}

static unsigned long where(int cpu)
{
	char *nothing = NULL;

	/* Do not let gcc know. */
	__asm__("" : "+r" (nothing));
	return null ? (unsigned long)per_cpu_ptr(nothing, cpu) :
		      addr + cpu * stride;
}

static int __init fault_init(void)
{
	cpumask_t old = current->cpus_allowed;
	int cpu, other, reads = 0, faulted = 0, errors;

	for_each_online_cpu(cpu) {
		set_cpus_allowed(current, cpumask_of_cpu(cpu));
		for_each_possible_cpu(other) {
			reads++;
			faulted += faults(where(other));
		}
	}
	set_cpus_allowed(current, old);
	printk(KERN_INFO "pcpu_fault: %08lx and so on: %d of %d reads "
	       "faulted\n", where(first_cpu(cpu_possible_map)), faulted,
	       reads);
	errors = expect ? reads - faulted : faulted;
	printk(KERN_INFO "pcpu_fault: %d errors\n", errors);
	return errors ? -EIO : 0;
}

TEST_MODULE(fault_init);

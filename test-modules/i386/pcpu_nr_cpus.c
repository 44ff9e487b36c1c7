/*
 * pcpu_nr_cpus - a loop over NR_CPUS instead of for_each_possible_cpu()
 *
 * It faults at each CPU that is not possible, for variables of the module and
 * for objects in windows, and works for the others.
 */
#include "test_module.h"
#include <linux/cpumask.h>
#include <asm/uaccess.h>

/* More than the spare room of static copies, which are in lowmem. */
struct large {
	int	counter;
	char	filler[3 * PAGE_SIZE];
};

static DEFINE_PER_CPU(int, counter);

static int __init nr_cpus_init(void)
{
	struct large *object = alloc_percpu(struct large);
	int cpu, faults, errors = 0, absent = 0;
	mm_segment_t old = get_fs();

	if (!object)
		return -ENOMEM;
	set_fs(KERNEL_DS);
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		faults = __put_user(1, (int __user *)&per_cpu(counter, cpu)) ||
			0;
		faults += __put_user(1, (int __user *)
				     &per_cpu_ptr(object, cpu)->counter) || 0;
		errors += faults != (cpu_possible(cpu) ? 0 : 2);
		absent += !cpu_possible(cpu);
	}
	set_fs(old);
	free_percpu(object);
	printk(KERN_INFO "pcpu_nr_cpus: of %d CPUs %d are not possible\n",
	       NR_CPUS, absent);
	printk(KERN_INFO "pcpu_nr_cpus: %d errors\n", errors);
	return errors ? -EIO : 0;
}

TEST_MODULE(nr_cpus_init);

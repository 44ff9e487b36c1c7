/*
 * pcpu_lowmem - the static copies of possible CPUs are in memory that nobody
 * else has, and who is not possible has left theirs to others
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>
#include <linux/kernel_stat.h>

static int __init lowmem_init(void)
{
	char *first = (char *)&per_cpu(kstat, 0), *copy;
	int cpu, errors = 0, taken = 0, left = 0, others = 0;

	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		copy = (char *)&per_cpu(kstat, cpu);
		if (!cpu_possible(cpu)) {
			/* Others may have taken it when the kernel booted. */
			if (virt_addr_valid(copy)) {
				left++;
				others += PageReserved(virt_to_page(copy)) != 0;
			}
		} else if (!virt_addr_valid(copy) ||
			   !PageReserved(virt_to_page(copy))) {
			errors++;
			printk(KERN_ERR "pcpu_lowmem: CPU %d at %p\n", cpu,
			       copy);
		} else {
			taken++;
		}
	}
	errors += 10 * others > left;
#ifdef CONFIG_HAS_VM_PERCPU
	for_each_possible_cpu(cpu)
		errors += (char *)&per_cpu(kstat, cpu) - first !=
			  cpu * CONFIG_PERCPU_VM_KB * 1024L;
#endif
	printk(KERN_INFO "pcpu_lowmem: %d errors, %d copies, %d left to "
	       "others, of which %d are reserved\n", errors, taken, left,
	       others);
	return errors ? -EIO : 0;
}

static void __exit lowmem_exit(void)
{
}

module_init(lowmem_init);
module_exit(lowmem_exit);
MODULE_LICENSE("GPL");

/*
 * pcpu_fill - one byte of per-CPU data, or as many as a guest makes of it
 *
 * The guest gives .data.percpu another size and fills it with Z.  Every CPU
 * reads its own copy, then all copies are written, and read at the end.
 */
#include "test_module.h"
#include <linux/moduleparam.h>
#include <linux/smp.h>
#include <linux/cpumask.h>
#include <asm/atomic.h>

static unsigned long bytes = 1;
module_param(bytes, ulong, 0);

/* Not aligned, so that the section has room to its last byte. */
__asm__(".section .data.percpu,\"aw\"\n"
	"per_cpu__fill:	.byte 'Z'\n\t"
	".previous");
extern char per_cpu__fill[1];

static atomic_t wrong = ATOMIC_INIT(0);

static char pattern(int cpu, unsigned long i)
{
	return cpu + 1 + i * 7 + (i >> 8);
}

static void check_new(void *unused)
{
	char *p = __get_cpu_var(fill);
	unsigned long i;

	for (i = 0; i < bytes; i++)
		if (p[i] != 'Z')
			atomic_inc(&wrong);
}

static void check_own(void *unused)
{
	char *p = __get_cpu_var(fill);
	unsigned long i;

	for (i = 0; i < bytes; i++)
		if (p[i] != pattern(smp_processor_id(), i))
			atomic_inc(&wrong);
}

static int __init fill_init(void)
{
	unsigned long i;
	int cpu;

	on_each_cpu(check_new, NULL, 0, 1);
	for_each_possible_cpu(cpu)
		for (i = 0; i < bytes; i++) {
			if (per_cpu(fill, cpu)[i] != 'Z')
				atomic_inc(&wrong);
			per_cpu(fill, cpu)[i] = pattern(cpu, i);
		}
	if (!atomic_read(&wrong))
		return 0;
	printk(KERN_ERR "pcpu_fill: %d errors in %lu bytes when loaded\n",
	       atomic_read(&wrong), bytes);
	return -EIO;
}

static void __exit fill_exit(void)
{
	unsigned long i;
	int cpu;

	on_each_cpu(check_own, NULL, 0, 1);
	for_each_possible_cpu(cpu)
		for (i = 0; i < bytes; i++)
			if (per_cpu(fill, cpu)[i] != pattern(cpu, i))
				atomic_inc(&wrong);
	printk(KERN_INFO "pcpu_fill: %d errors in %lu bytes\n",
	       atomic_read(&wrong), bytes);
}

TEST_MODULE_EXIT(fill_init, fill_exit);

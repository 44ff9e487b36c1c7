/*
 * pcpu_offset - finds copies as crash and its relatives do: the address of a
 * per-CPU symbol + __per_cpu_offset[cpu].  Needs pcpu_provider.
 */
#include "test_module.h"
#include <linux/cpumask.h>
#ifdef CONFIG_MODULES		/* not so in the test kernel */
#include <linux/kallsyms.h>
#include <linux/kernel_stat.h>
#endif

/* No header of stock's has it but to define per_cpu(). */
extern unsigned long __per_cpu_offset[];

DECLARE_PER_CPU(int, provided);
DEFINE_PER_CPU(int, offsets_own) = 3;
static DEFINE_PER_CPU(int, offsets_private) = 4;

static int errors;

static void __init compare(const char *name, unsigned long symbol, int cpu,
			   const void *copy)
{
	if (symbol + __per_cpu_offset[cpu] == (unsigned long)copy)
		return;
	errors++;
	printk(KERN_ERR "pcpu_offset: %s at %08lx, CPU %d's copy at %08lx, "
	       "not at %08lx\n", name, symbol, cpu, (unsigned long)copy,
	       symbol + __per_cpu_offset[cpu]);
}

#define COMPARE(name, cpu)					\
	compare(#name, (unsigned long)&per_cpu__##name, cpu,	\
		&per_cpu(name, cpu))

#ifdef CONFIG_MODULES
#define COMPARE_NAME(name, cpu)					\
	compare(#name " by name",				\
		kallsyms_lookup_name("per_cpu__" #name), cpu,	\
		&per_cpu(name, cpu))

static void __init compare_in_linux(int cpu)
{
	COMPARE(kstat, cpu);
	COMPARE_NAME(offsets_own, cpu);
	COMPARE_NAME(offsets_private, cpu);
	COMPARE_NAME(provided, cpu);
}
#else
static void __init compare_in_linux(int cpu)
{
}
#endif

static int __init offset_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		COMPARE(offsets_own, cpu);
		COMPARE(offsets_private, cpu);
		COMPARE(provided, cpu);
		compare_in_linux(cpu);
	}
	printk(KERN_INFO "pcpu_offset: %d errors\n", errors);
	return errors ? -1 : 0;
}

TEST_MODULE(offset_init);

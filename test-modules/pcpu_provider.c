/*
 * pcpu_provider - exports a per-CPU variable, and has pointers in its per-CPU
 * data, which a module loader must relocate
 */
#include "test_module.h"
#include <linux/cpumask.h>

struct pointers {
	const char *text;
	int (*function)(void);
	int *self;
};

int provider_answer(void);

DEFINE_PER_CPU(int, provided) = 7;
EXPORT_PER_CPU_SYMBOL(provided);

/* The same static name is in pcpu_consumer.c. */
static DEFINE_PER_CPU(int, private) = 1;
static DEFINE_PER_CPU(struct pointers, pointers) = {
	"relocated", provider_answer, &per_cpu__private
};
/* Crosses a page wherever it is. */
static DEFINE_PER_CPU(char [5000], filler) = { 1 };
static DEFINE_PER_CPU(int, aligned) __attribute__((aligned(4096))) = 9;

int provider_answer(void)
{
	return 42;
}

static int __init provider_init(void)
{
	struct pointers *p;
	int cpu;

	for_each_possible_cpu(cpu) {
		p = &per_cpu(pointers, cpu);
		/* A pointer to a per-CPU variable is its link address. */
		if (p->text[0] != 'r' || p->function() != 42 ||
		    p->self != &per_cpu__private ||
		    per_cpu(private, cpu) != 1 ||
		    per_cpu(filler, cpu)[0] != 1 ||
		    per_cpu(filler, cpu)[4999] != 0 ||
		    per_cpu(aligned, cpu) != 9 ||
		    (unsigned long)&per_cpu(aligned, cpu) % 4096) {
			printk(KERN_ERR "pcpu_provider: CPU %d has wrong "
			       "data\n", cpu);
			return -EINVAL;
		}
		per_cpu(provided, cpu) = 100 + cpu;
	}
	printk(KERN_INFO "pcpu_provider: right on every CPU\n");
	return 0;
}

static void __exit provider_exit(void)
{
	int cpu, wrong = 0;

	for_each_possible_cpu(cpu)
		wrong += per_cpu(provided, cpu) != 200 + cpu;
	printk(KERN_INFO "pcpu_provider: %d errors\n", wrong);
}

TEST_MODULE_EXIT(provider_init, provider_exit);

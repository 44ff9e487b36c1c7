// SPDX-License-Identifier: GPL-2.0
/*
 * pcpu_provider - exports a per-CPU variable, and has pointers in its per-CPU
 * data, which the module loader relocates
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>

struct pointers {
	const char	*text;
	int		(*function)(void);
	int __percpu	*self;
};

DECLARE_PER_CPU(int, provided);
int provider_answer(void);

DEFINE_PER_CPU(int, provided) = 7;
EXPORT_PER_CPU_SYMBOL(provided);

int provider_answer(void)
{
	return 42;
}

/* The same static name is in pcpu_consumer.c. */
static DEFINE_PER_CPU(int, private) = 1;
static DEFINE_PER_CPU(struct pointers, pointers) = {
	"relocated", provider_answer, &private
};
/* Too large for what modules of a stock kernel have. */
static DEFINE_PER_CPU(char [9000], filler) = { 1 };
static DEFINE_PER_CPU(int, aligned) __aligned(4096) = 9;

static int __init provider_init(void)
{
	struct pointers *p;
	int cpu, errors = 0;

	for_each_possible_cpu(cpu) {
		p = per_cpu_ptr(&pointers, cpu);
		errors += p->text[0] != 'r';
		errors += p->function() != 42;
		/* A pointer to a per-CPU variable is one for all CPUs. */
		errors += p->self != &private;
		errors += per_cpu(private, cpu) != 1;
		errors += per_cpu(filler, cpu)[0] != 1;
		errors += per_cpu(filler, cpu)[8999] != 0;
		errors += per_cpu(aligned, cpu) != 9;
		errors += (unsigned long)per_cpu_ptr(&aligned, cpu) % 4096 != 0;
		per_cpu(provided, cpu) = 100 + cpu;
	}
	pr_info("pcpu_provider: %d errors\n", errors);
	return errors ? -EIO : 0;
}

static void __exit provider_exit(void)
{
	int cpu, errors = 0;

	for_each_possible_cpu(cpu)
		errors += per_cpu(provided, cpu) != 200 + cpu;
	pr_info("pcpu_provider: %d errors after the consumer\n", errors);
}

module_init(provider_init);
module_exit(provider_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Exports a per-CPU variable");

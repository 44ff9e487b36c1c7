/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a test module does with an array of ints in its static per-CPU data:
 * fill each CPU's copy by per_cpu(), look at it from its own CPU by
 * this_cpu_ptr(), and say how many elements are wrong.
 *
 * The includer has defined DATA, the name of a per-CPU int[]. It gets
 * module_init(), module_exit(), and a parameter: what is written to
 * /sys/module/NAME/parameters/check starts a check.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/atomic.h>
#include <linux/smp.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>

#define ELEMENTS ((int)(sizeof(DATA) / sizeof(int)))

static atomic_t errors = ATOMIC_INIT(0);

static int value(int cpu, int i)
{
	return (cpu + 1) * 10000000 + i;
}

static void check_here(void *unused)
{
	int *copy = (int *)this_cpu_ptr(&DATA);
	int cpu = smp_processor_id(), i, wrong = 0;

	for (i = 0; i < ELEMENTS; i++)
		wrong += copy[i] != value(cpu, i);
	/* The compiler addresses this one relative to the segment. */
	wrong += this_cpu_read(DATA[ELEMENTS - 1]) != value(cpu, ELEMENTS - 1);
	atomic_add(wrong, &errors);
}

static int check_all(void)
{
	int cpu, i;

	atomic_set(&errors, 0);
	for_each_possible_cpu(cpu)
		for (i = 0; i < ELEMENTS; i++)
			if (per_cpu(DATA, cpu)[i] != value(cpu, i))
				atomic_inc(&errors);
	on_each_cpu(check_here, NULL, 1);
	pr_info("%s: %d errors\n", KBUILD_MODNAME, atomic_read(&errors));
	return atomic_read(&errors) ? -EIO : 0;
}

static int check_set(const char *val, const struct kernel_param *kp)
{
	return check_all();
}

static const struct kernel_param_ops check_ops = {
	.set = check_set,
};
module_param_cb(check, &check_ops, NULL, 0200);

static int __init check_init(void)
{
	int cpu, i, dirty = 0;

	/* What was there before is somebody else's: it starts as zeroes. */
	for_each_possible_cpu(cpu)
		for (i = 0; i < ELEMENTS; i++)
			dirty += per_cpu(DATA, cpu)[i] != 0;
	if (dirty) {
		pr_err("%s: %d errors, not zero\n", KBUILD_MODNAME, dirty);
		return -EIO;
	}
	for_each_possible_cpu(cpu)
		for (i = 0; i < ELEMENTS; i++)
			per_cpu(DATA, cpu)[i] = value(cpu, i);
	pr_info("%s: %zu bytes at %lx\n", KBUILD_MODNAME, sizeof(DATA),
		(unsigned long)&DATA);
	return check_all();
}

static void __exit check_exit(void)
{
	check_all();
}

module_init(check_init);
module_exit(check_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Test of static per-CPU data of modules");

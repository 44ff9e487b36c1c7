// SPDX-License-Identifier: GPL-2.0
/*
 * pcpu_traffic - threads that go from CPU to CPU, and read and write the copy
 * of the one they are on, of static data and of an object of alloc_percpu()
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/err.h>
#include <linux/atomic.h>
#include <linux/sched.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/cpumask.h>

#define WORDS	3000

struct copy {
	unsigned long	checks;
	int		words[WORDS];
};

static DEFINE_PER_CPU(struct copy, traffic);
static struct copy __percpu *object;
static struct task_struct **threads;
static atomic_t errors = ATOMIC_INIT(0);

static void fill(struct copy *c, int cpu)
{
	int i;

	for (i = 0; i < WORDS; i++)
		c->words[i] = cpu * WORDS + i;
}

static void check(struct copy *c, int cpu)
{
	int i;

	for (i = 0; i < WORDS; i++)
		if (c->words[i] != cpu * WORDS + i)
			atomic_inc(&errors);
	c->checks++;
}

static int roam(void *first)
{
	int cpu = (long)first, here;

	while (!kthread_should_stop()) {
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
		/* Where the CPU has just gone this fails: stay. */
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
		here = get_cpu();
		check(this_cpu_ptr(&traffic), here);
		check(this_cpu_ptr(object), here);
		put_cpu();
		schedule_timeout_interruptible(1);
	}
	return 0;
}

static void stop(void)
{
	unsigned long checks = 0, least = ~0UL;
	int cpu;

	for_each_possible_cpu(cpu)
		if (threads[cpu])
			kthread_stop(threads[cpu]);
	for_each_possible_cpu(cpu) {
		checks += per_cpu(traffic, cpu).checks;
		least = min(least, per_cpu(traffic, cpu).checks);
	}
	free_percpu(object);
	kfree(threads);
	pr_info("pcpu_traffic: %d errors, %lu checks, at least %lu a CPU\n",
		atomic_read(&errors), checks, least);
}

static int __init traffic_init(void)
{
	struct task_struct *thread;
	int cpu;

	threads = kcalloc(nr_cpu_ids, sizeof(*threads), GFP_KERNEL);
	object = alloc_percpu(struct copy);
	if (!object || !threads) {
		free_percpu(object);
		kfree(threads);
		return -ENOMEM;
	}
	for_each_possible_cpu(cpu) {
		fill(per_cpu_ptr(&traffic, cpu), cpu);
		fill(per_cpu_ptr(object, cpu), cpu);
	}
	for_each_possible_cpu(cpu) {
		thread = kthread_run(roam, (void *)(long)cpu, "traffic/%d",
				     cpu);
		if (IS_ERR(thread)) {
			stop();
			return PTR_ERR(thread);
		}
		threads[cpu] = thread;
	}
	return 0;
}

static void __exit traffic_exit(void)
{
	stop();
}

module_init(traffic_init);
module_exit(traffic_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Traffic in per-CPU data of a module");

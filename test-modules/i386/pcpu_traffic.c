/*
 * pcpu_traffic - threads that go from CPU to CPU, and read and write the copy
 * of the one they are on, of static data and of an object of alloc_percpu()
 */
#include "test_module.h"
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/kthread.h>
#include <linux/cpumask.h>
#include <asm/atomic.h>

#define WORDS	3000

struct copy {
	unsigned long	checks;
	int		words[WORDS];
};

static DEFINE_PER_CPU(struct copy, traffic);
static struct copy *object;
static struct task_struct *threads[NR_CPUS];
static atomic_t wrong = ATOMIC_INIT(0);

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
			atomic_inc(&wrong);
	c->checks++;
}

static int roam(void *first)
{
	int cpu = (long)first, here;

	while (!kthread_should_stop()) {
		cpu = next_cpu(cpu, cpu_online_map);
		if (cpu >= NR_CPUS)
			cpu = first_cpu(cpu_online_map);
		/* Where the CPU has just gone this fails: stay. */
		set_cpus_allowed(current, cpumask_of_cpu(cpu));
		here = get_cpu();
		check(&__get_cpu_var(traffic), here);
		check(per_cpu_ptr(object, here), here);
		put_cpu();
		try_to_freeze();
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
	printk(KERN_INFO "pcpu_traffic: %d errors, %lu checks, at least %lu on "
	       "each CPU\n", atomic_read(&wrong), checks, least);
}

static int __init traffic_init(void)
{
	struct task_struct *thread;
	int cpu;

	object = alloc_percpu(struct copy);
	if (!object)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		fill(&per_cpu(traffic, cpu), cpu);
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

TEST_MODULE_EXIT(traffic_init, traffic_exit);

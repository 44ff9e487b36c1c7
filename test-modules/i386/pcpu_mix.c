/*
 * pcpu_mix - a thread on each CPU allocates objects of many sizes, and frees
 * them from processes, with interrupts off, with softirqs off and in a timer
 */
#include "test_module.h"
#include <linux/moduleparam.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/kthread.h>
#include <linux/timer.h>
#include <linux/interrupt.h>
#include <linux/delay.h>
#include <linux/cpumask.h>
#include <asm/atomic.h>

static int rounds = 20;
module_param(rounds, int, 0);

static const unsigned int sizes[] = {
	4, 8, 12, 16, 28, 40, 64, 100, 128, 256, 500, 1024, 4096, 5000, 12288
};

#define SIZES	((int)(sizeof(sizes) / sizeof(sizes[0])))

struct worker {
	struct task_struct	*thread;
	struct timer_list	timer;
	void			*objects[SIZES];
	void			*late[SIZES];
	int			cpu;
};

static struct worker workers[NR_CPUS];
static atomic_t made = ATOMIC_INIT(0), null = ATOMIC_INIT(0);
static atomic_t bad = ATOMIC_INIT(0), misaligned = ATOMIC_INIT(0);
static atomic_t running = ATOMIC_INIT(0);

static int mark(struct worker *w, int n, int cpu)
{
	return (w->cpu << 24) + (n << 16) + (cpu << 8);
}

/* Written, or with check read, in each word of each copy. */
static void all_copies(struct worker *w, int n, int check)
{
	int cpu, i, *p;

	for_each_possible_cpu(cpu) {
		p = per_cpu_ptr((int *)w->objects[n], cpu);
		for (i = 0; i < sizes[n] / 4; i++) {
			if (p[i] != (check ? mark(w, n, cpu) + i % 251 : 0))
				atomic_inc(&bad);
			p[i] = mark(w, n, cpu) + i % 251;
		}
	}
}

static void allocate(struct worker *w, int n)
{
	unsigned int align = sizes[n] & -sizes[n];
	unsigned long addr;

	w->objects[n] = __alloc_percpu(sizes[n]);
	if (!w->objects[n]) {
		atomic_inc(&null);
		return;
	}
	atomic_inc(&made);
	addr = (unsigned long)per_cpu_ptr(w->objects[n], 0);
	if (addr & (min(align, (unsigned int)PAGE_SIZE) - 1))
		atomic_inc(&misaligned);
	all_copies(w, n, 0);
}

static void in_timer(unsigned long data)
{
	struct worker *w = (struct worker *)data;
	int n;

	for (n = 0; n < SIZES; n++) {
		if (w->late[n])
			free_percpu(w->late[n]);
		w->late[n] = NULL;
	}
}

static void release(struct worker *w, int n, int how)
{
	unsigned long flags;

	switch (how % 4) {
	case 0:
		free_percpu(w->objects[n]);
		break;
	case 1:
		local_irq_save(flags);
		free_percpu(w->objects[n]);
		local_irq_restore(flags);
		break;
	case 2:
		local_bh_disable();
		free_percpu(w->objects[n]);
		local_bh_enable();
		break;
	case 3:
		w->late[n] = w->objects[n];
		break;
	}
	w->objects[n] = NULL;
}

static int work(void *data)
{
	struct worker *w = data;
	int round, n;

	set_cpus_allowed(current, cpumask_of_cpu(w->cpu));
	for (round = 0; round < rounds; round++) {
		for (n = 0; n < SIZES; n++)
			allocate(w, n);
		schedule_timeout_interruptible(1);
		for (n = 0; n < SIZES; n++)
			if (w->objects[n])
				all_copies(w, n, 1);
		del_timer_sync(&w->timer);
		in_timer((unsigned long)w);
		for (n = SIZES; n-- > 0;)
			if (w->objects[n])
				release(w, n, n + round);
		mod_timer(&w->timer, jiffies + 1);
	}
	schedule_timeout_interruptible(3);
	atomic_dec(&running);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static int __init mix_init(void)
{
	struct worker *w;
	int cpu, errors;

	for_each_online_cpu(cpu) {
		w = &workers[cpu];
		w->cpu = cpu;
		setup_timer(&w->timer, in_timer, (unsigned long)w);
		atomic_inc(&running);
		w->thread = kthread_run(work, w, "mix/%d", cpu);
		if (IS_ERR(w->thread)) {
			w->thread = NULL;
			atomic_dec(&running);
		}
	}
	while (atomic_read(&running))
		msleep(10);
	for_each_possible_cpu(cpu)
		if (workers[cpu].thread) {
			kthread_stop(workers[cpu].thread);
			del_timer_sync(&workers[cpu].timer);
		}
	errors = atomic_read(&bad) + atomic_read(&null) +
		 atomic_read(&misaligned) + !atomic_read(&made);
	printk(KERN_INFO "pcpu_mix: %d errors, %d objects, %d bad words, %d "
	       "refused, %d misaligned\n", errors, atomic_read(&made),
	       atomic_read(&bad), atomic_read(&null),
	       atomic_read(&misaligned));
	return errors ? -EIO : 0;
}

TEST_MODULE(mix_init);

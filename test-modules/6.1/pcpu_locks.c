// SPDX-License-Identifier: GPL-2.0
/*
 * pcpu_locks - spinlocks, a completion and SRCU in per-CPU data of a module
 *
 * lockdep takes static locks for what they are by is_module_percpu_address(),
 * and SRCU keeps its counts in per-CPU data of the module that defines it.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/atomic.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>

#define ROUNDS 2000

struct locked {
	spinlock_t	lock;
	unsigned long	a, b;
};

static DEFINE_PER_CPU(struct locked, locked) = {
	.lock = __SPIN_LOCK_UNLOCKED(locked.lock),
};
/* So that all is in the window. */
static DEFINE_PER_CPU(char [20000], filler);
DEFINE_STATIC_SRCU(pcpu_locks_srcu);

struct thing {
	int		dead;
	struct rcu_head	rcu;
};

static struct thing __rcu *shared;
static atomic_t errors = ATOMIC_INIT(0), callbacks = ATOMIC_INIT(0);

static void bury(struct rcu_head *head)
{
	struct thing *t = container_of(head, struct thing, rcu);

	t->dead = 1;
	atomic_inc(&callbacks);
	kfree(t);
}

static void change_all(void)
{
	struct locked *l;
	int cpu;

	for_each_possible_cpu(cpu) {
		l = per_cpu_ptr(&locked, cpu);
		spin_lock(&l->lock);
		if (l->a != l->b)
			atomic_inc(&errors);
		l->a++;
		l->b++;
		spin_unlock(&l->lock);
	}
}

static int work(void *unused)
{
	struct thing *t;
	int i, idx;

	for (i = 0; i < ROUNDS && !kthread_should_stop(); i++) {
		change_all();
		idx = srcu_read_lock(&pcpu_locks_srcu);
		t = srcu_dereference(shared, &pcpu_locks_srcu);
		if (t && t->dead)
			atomic_inc(&errors);
		srcu_read_unlock(&pcpu_locks_srcu, idx);
		if (i % 100 == 0)
			cond_resched();
	}
	while (!kthread_should_stop())
		msleep(1);
	return 0;
}

static int __init locks_init(void)
{
	struct task_struct **threads;
	struct thing *t, *old;
	int cpu, i, n = 0;

	threads = kcalloc(nr_cpu_ids, sizeof(*threads), GFP_KERNEL);
	if (!threads)
		return -ENOMEM;
	for_each_online_cpu(cpu) {
		struct task_struct *thread;

		thread = kthread_create_on_cpu(work, NULL, cpu, "locks/%u");
		if (IS_ERR(thread))
			break;
		wake_up_process(thread);
		threads[n++] = thread;
	}
	for (i = 0; i < 20; i++) {
		t = kzalloc(sizeof(*t), GFP_KERNEL);
		old = rcu_replace_pointer(shared, t, true);
		if (old)
			call_srcu(&pcpu_locks_srcu, &old->rcu, bury);
		if (i % 5 == 0)
			synchronize_srcu(&pcpu_locks_srcu);
	}
	for (i = 0; i < n; i++)
		kthread_stop(threads[i]);
	kfree(threads);
	old = rcu_replace_pointer(shared, NULL, true);
	if (old)
		call_srcu(&pcpu_locks_srcu, &old->rcu, bury);
	srcu_barrier(&pcpu_locks_srcu);
	per_cpu(filler, cpumask_first(cpu_possible_mask))[0] = 1;
	for_each_possible_cpu(cpu)
		if (per_cpu(locked, cpu).a != per_cpu(locked, cpu).b ||
		    !per_cpu(locked, cpu).a)
			atomic_inc(&errors);
	if (!atomic_read(&callbacks))
		atomic_inc(&errors);
	pr_info("pcpu_locks: %d errors, %d threads, %d callbacks\n",
		atomic_read(&errors), n, atomic_read(&callbacks));
	return atomic_read(&errors) ? -EIO : 0;
}

static void __exit locks_exit(void)
{
}

module_init(locks_init);
module_exit(locks_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Locks and SRCU in per-CPU data of a module");

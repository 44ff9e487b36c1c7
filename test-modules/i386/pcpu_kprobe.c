/*
 * pcpu_kprobe - probe functions that use per-CPU data, and count in it
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/kallsyms.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>

#ifdef CONFIG_KPROBES

#define CALLS	200

static DEFINE_PER_CPU(unsigned long, calls);
static DEFINE_PER_CPU(unsigned long, before);
static DEFINE_PER_CPU(unsigned long, after);
static DEFINE_PER_CPU(unsigned long, ticks);

static noinline void target(void)
{
	__get_cpu_var(calls)++;
}

static int pre(struct kprobe *p, struct pt_regs *regs)
{
	__get_cpu_var(before)++;
	return 0;
}

static void post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
	__get_cpu_var(after)++;
}

static int tick(struct kprobe *p, struct pt_regs *regs)
{
	__get_cpu_var(ticks)++;
	return 0;
}

static struct kprobe own = { .pre_handler = pre, .post_handler = post };
static struct kprobe theirs = { .pre_handler = tick };

static int __init kprobe_init(void)
{
	cpumask_t old = current->cpus_allowed;
	int cpu, i, err, wrong = 0;

	own.addr = (kprobe_opcode_t *)target;
	theirs.addr = (kprobe_opcode_t *)kallsyms_lookup_name("scheduler_tick");
	if (!theirs.addr)
		return -ENOENT;
	err = register_kprobe(&own);
	if (err)
		return err;
	err = register_kprobe(&theirs);
	if (err) {
		unregister_kprobe(&own);
		return err;
	}
	for_each_online_cpu(cpu) {
		set_cpus_allowed(current, cpumask_of_cpu(cpu));
		for (i = 0; i < CALLS; i++) {
			preempt_disable();
			target();
			preempt_enable();
		}
	}
	set_cpus_allowed(current, old);
	msleep(500);
	unregister_kprobe(&theirs);
	unregister_kprobe(&own);
	for_each_online_cpu(cpu)
		wrong += per_cpu(calls, cpu) != CALLS ||
			 per_cpu(before, cpu) != CALLS ||
			 per_cpu(after, cpu) != CALLS ||
			 !per_cpu(ticks, cpu);
	printk(KERN_INFO "pcpu_kprobe: %d errors\n", wrong);
	return wrong ? -EIO : 0;
}

static void __exit kprobe_exit(void)
{
}

module_init(kprobe_init);
module_exit(kprobe_exit);

#endif

MODULE_LICENSE("GPL");

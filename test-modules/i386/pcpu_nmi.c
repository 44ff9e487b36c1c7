/*
 * pcpu_nmi - look at the copies of all CPUs in every NMI
 *
 * Those of QEMU's monitor come to the first CPU.  With ipi a timer sends them
 * to the others that are online: one that comes up could not take it.
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/delay.h>
#include <linux/timer.h>
#include <linux/smp.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>
#ifdef CONFIG_SMP
#include <asm/apic.h>
#include <asm/nmi.h>

struct copy {
	int		cpu;
	unsigned long	count;
	unsigned long	wrong;
	char		filler[5000];	/* crosses a page */
	int		last;
};

static int ipi;
module_param(ipi, int, 0);

static DEFINE_PER_CPU(struct copy, nmi);
static struct copy *object;
static struct timer_list timer;

static int callback(struct pt_regs *regs, int cpu)
{
	struct copy *own = &__get_cpu_var(nmi);
	int other;

	own->count++;
	own->wrong += own->cpu != cpu;
	for_each_possible_cpu(other)
		own->wrong += per_cpu(nmi, other).last != other ||
			      per_cpu_ptr(object, other)->last != other;
	return 1;
}

static void send(unsigned long unused)
{
	int cpu;

	for_each_online_cpu(cpu) {
		if (cpu == smp_processor_id())
			continue;
		apic_wait_icr_idle();
		apic_write_around(APIC_ICR2,
				  SET_APIC_DEST_FIELD(x86_cpu_to_apicid[cpu]));
		apic_write_around(APIC_ICR, APIC_DM_NMI);
	}
	mod_timer(&timer, jiffies + 2);
}

static int __init nmi_init(void)
{
	int cpu;

	object = alloc_percpu(struct copy);
	if (!object)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		per_cpu(nmi, cpu).cpu = cpu;
		per_cpu(nmi, cpu).last = cpu;
		per_cpu_ptr(object, cpu)->last = cpu;
	}
	set_nmi_callback(callback);
	setup_timer(&timer, send, 0);
	if (ipi)
		send(0);
	return 0;
}

static void __exit nmi_exit(void)
{
	unsigned long count = 0, wrong = 0;
	int cpu, cpus = 0;

	del_timer_sync(&timer);
	msleep(100);
	unset_nmi_callback();
	msleep(100);
	for_each_possible_cpu(cpu) {
		count += per_cpu(nmi, cpu).count;
		wrong += per_cpu(nmi, cpu).wrong;
		cpus += per_cpu(nmi, cpu).count != 0;
	}
	free_percpu(object);
	printk(KERN_INFO "pcpu_nmi: %lu errors, %lu NMIs on %d CPUs\n",
	       wrong + !count, count, cpus);
}

module_init(nmi_init);
module_exit(nmi_exit);
#endif

MODULE_LICENSE("GPL");

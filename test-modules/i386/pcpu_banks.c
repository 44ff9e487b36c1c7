/*
 * pcpu_banks - so many objects of alloc_percpu() that banks are opened for
 * them, which stay until this is unloaded
 *
 * Every page directory that there is must lead to all copies already: nothing
 * may rely on the page fault handler to fill it.  Written to, the parameter
 * check looks at all of it again, from a process that began later.
 *
 * objects=N	how many
 * size=N	bytes of each
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>
#include <asm/pgtable.h>

#define STEP	7919		/* a prime: every object is visited once */

static unsigned int objects = 4200, size = 120;
module_param(objects, uint, 0);
module_param(size, uint, 0);

static void **object;

static unsigned int *copy(unsigned int i, int cpu)
{
	return per_cpu_ptr((unsigned int *)object[i], cpu);
}

/* Is the table that maps @addr in the page directory @pgd? */
static int there(pgd_t *pgd, unsigned long addr)
{
	pmd_t *pmd;

	pgd += pgd_index(addr);
	if (pgd_none(*pgd))
		return 0;
	pmd = pmd_offset(pud_offset(pgd, addr), addr);
	return !pmd_none(*pmd);
}

/* Copies that page directories do not lead to. */
static unsigned int missing(unsigned int *directories)
{
	struct task_struct *task;
	unsigned int i, wrong = 0;
	int cpu;

	*directories = 0;
	rcu_read_lock();
	for_each_process(task) {
		task_lock(task);
		if (task->mm) {
			++*directories;
			for (i = 0; i < objects; i++)
				for_each_possible_cpu(cpu)
					wrong += !there(task->mm->pgd,
						(unsigned long)copy(i, cpu));
		}
		task_unlock(task);
	}
	rcu_read_unlock();
	return wrong;
}

static unsigned int value(unsigned int i, int cpu)
{
	return i * 100 + cpu;
}

static unsigned int wrong_values(void)
{
	unsigned int i, wrong = 0;
	int cpu;

	for (i = 0; i < objects; i++)
		for_each_possible_cpu(cpu)
			wrong += *copy(i, cpu) != value(i, cpu);
	return wrong;
}

static int check(const char *val, struct kernel_param *kp)
{
	unsigned int directories, wrong = missing(&directories);

	printk(KERN_INFO "pcpu_banks: %u page directories, %u errors\n",
	       directories, wrong);
	return wrong || wrong_values() ? -EIO : 0;
}
module_param_call(check, check, NULL, NULL, 0200);

static void release(unsigned int made)
{
	unsigned int i;

	/* In another order. */
	for (i = 0; i < objects; i++)
		if (i * STEP % objects < made)
			free_percpu(object[i * STEP % objects]);
	vfree(object);
}

static int __init banks_init(void)
{
	unsigned int i, directories, wrong;
	int cpu;

	if (!objects || objects > 400000 || size < 4 || !(objects % STEP))
		return -EINVAL;
	object = vmalloc(objects * sizeof(*object));
	if (!object)
		return -ENOMEM;
	for (i = 0; i < objects; i++) {
		object[i] = __alloc_percpu(size);
		if (!object[i]) {
			printk(KERN_ERR "pcpu_banks: only %u objects\n", i);
			release(i);
			return -ENOMEM;
		}
	}
	wrong = missing(&directories);
	for (i = 0; i < objects; i++)
		for_each_possible_cpu(cpu) {
			wrong += *copy(i, cpu) != 0;
			*copy(i, cpu) = value(i, cpu);
		}
	printk(KERN_INFO "pcpu_banks: %u objects of %u bytes, %u page "
	       "directories, %u errors\n", objects, size, directories, wrong);
	if (!wrong)
		return 0;
	release(objects);
	return -EIO;
}

static void __exit banks_exit(void)
{
	unsigned int directories;

	printk(KERN_INFO "pcpu_banks: %u errors\n",
	       wrong_values() + missing(&directories));
	release(objects);
	/* So that their banks are closed when this is unloaded. */
	flush_scheduled_work();
}

module_init(banks_init);
module_exit(banks_exit);
MODULE_LICENSE("GPL");

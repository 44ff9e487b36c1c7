/*
 * pcpu_wrong_free - free_percpu() of what must not be freed
 *
 * NULL is nothing.  All else is told, with who did it, and harms no object.
 */
#include "test_module.h"
#include <linux/preempt.h>
#include <linux/cpumask.h>
#include <linux/workqueue.h>

#define OBJECTS		64

static DEFINE_PER_CPU(int, of_this_module) = 4321;

static int *object[OBJECTS];

static noinline void free_twice(void *ptr)
{
	/* No work item in between. */
	preempt_disable();
	free_percpu(ptr);
	free_percpu(ptr);
	preempt_enable();
	__asm__ volatile("" : : : "memory");	/* no tail call: a frame */
}

static noinline void free_once_more(void *ptr)
{
	free_percpu(ptr);
	__asm__ volatile("" : : : "memory");
}

/* Of all who live, each has its own value, and nobody is there twice. */
static int wrong(void)
{
	int i, cpu, errors = 0;

	for (i = 0; i < OBJECTS; i++)
		for_each_possible_cpu(cpu)
			errors += *per_cpu_ptr(object[i], cpu) != i;
	for_each_possible_cpu(cpu)
		errors += per_cpu(of_this_module, cpu) != 4321;
	return errors;
}

static int make(int i)
{
	int cpu;

	object[i] = alloc_percpu(int);
	if (!object[i])
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		*per_cpu_ptr(object[i], cpu) = i;
	return 0;
}

static int __init wrong_free_init(void)
{
	int i, err = 0, errors;
	void *ptr;

	for (i = 0; i < OBJECTS; i++)
		err |= make(i);
	if (err)
		goto out;

	free_percpu(NULL);
	ptr = object[5];
	free_twice(ptr);
	err |= make(5);		/* which releases what was freed */
	flush_scheduled_work();
	free_once_more((char *)object[7] + 2);
	free_once_more((void *)&per_cpu__of_this_module);
	free_once_more(per_cpu_ptr(object[7], 0));
	free_once_more((void *)PAGE_SIZE);	/* the static section */
	free_once_more(&object);
	free_once_more((void *)-1UL);
	flush_scheduled_work();
	for (i = 20; i < 40 && !err; i++) {
		free_percpu(object[i]);
		object[i] = NULL;
		err |= make(i);
	}
	errors = err ? 0 : wrong();
	printk(KERN_INFO "pcpu_wrong_free: %d errors\n", errors);
	if (errors)
		err = -EIO;
out:
	for (i = 0; i < OBJECTS; i++)
		free_percpu(object[i]);
	return err ? -EIO : 0;
}

TEST_MODULE(wrong_free_init);

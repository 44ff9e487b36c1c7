/*
 * pcpu_late - writes to objects that were freed, before they are released
 *
 * As a counter that somebody adds to when all is over, and with what would be
 * the place of an object in use.  No object in use may be released by it, be
 * given to another, or change.
 */
#include "test_module.h"
#include <linux/cpumask.h>
#include <linux/workqueue.h>

#define OBJECTS		32
#define FIRST		10		/* to be freed */
#define LAST		19

static unsigned long *object[OBJECTS], *other[OBJECTS];
static int errors;

static int is_freed(int i)
{
	return i >= FIRST && i <= LAST;
}

static unsigned long late_value(int round, unsigned long was)
{
	/* A pointer is an offset in the window and a page. */
	return round < 32 ? was + (1UL << round) :
		(unsigned long)object[round - 32] - PAGE_SIZE;
}

static int make(void)
{
	int i, cpu;

	for (i = 0; i < OBJECTS; i++) {
		object[i] = alloc_percpu(unsigned long);
		if (!object[i])
			return -ENOMEM;
		for_each_possible_cpu(cpu)
			*per_cpu_ptr(object[i], cpu) = 1000 + i;
	}
	return 0;
}

/* Nothing comes in between: what waits is released by this CPU's keventd. */
static void free_and_write(int round)
{
	unsigned long flags, *p;
	int i, cpu;

	local_irq_save(flags);
	for (i = FIRST; i <= LAST; i++)
		free_percpu(object[i]);
	for (i = FIRST; i <= LAST; i++)
		for_each_possible_cpu(cpu) {
			p = per_cpu_ptr(object[i], cpu);
			*p = late_value(round, *p);
		}
	local_irq_restore(flags);
	flush_scheduled_work();
}

/* New objects are not old ones; old ones are as they were. */
static void check(void)
{
	int i, j, cpu;

	for (i = 0; i < OBJECTS; i++) {
		other[i] = alloc_percpu(unsigned long);
		for (j = 0; j < OBJECTS; j++)
			errors += other[i] == object[j] && !is_freed(j);
		if (other[i])
			for_each_possible_cpu(cpu)
				*per_cpu_ptr(other[i], cpu) = 0;
	}
	for (i = 0; i < OBJECTS; i++) {
		if (!is_freed(i))
			for_each_possible_cpu(cpu)
				errors += *per_cpu_ptr(object[i], cpu) !=
					1000 + i;
		free_percpu(other[i]);
	}
}

static int __init late_init(void)
{
	int round, i, err = 0;

	for (round = 0; round < 32 + OBJECTS && !err; round++) {
		err = make();
		if (!err) {
			free_and_write(round);
			check();
		}
		for (i = 0; i < OBJECTS; i++) {
			if (err || !is_freed(i))
				free_percpu(object[i]);
			object[i] = NULL;
		}
		flush_scheduled_work();
	}
	printk(KERN_INFO "pcpu_late: %d errors\n", errors);
	return err ? err : errors ? -EIO : 0;
}

TEST_MODULE(late_init);

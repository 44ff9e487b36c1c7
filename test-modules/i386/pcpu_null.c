/*
 * pcpu_null - an object that alloc_percpu() did not return, used all the same
 *
 * Members less than a page from its start fault, read or written, on the copy
 * of any CPU.
 */
#include "test_module.h"
#include <linux/cpumask.h>
#include <asm/uaccess.h>

static int errors;

static void touch(char *address)
{
	char c;

	errors += !__get_user(c, (char __user *)address);
	errors += !__put_user(0, (char __user *)address);
	(void)c;
}

static int __init null_init(void)
{
	mm_segment_t old = get_fs();
	char *null = NULL;
	int cpu, i;

	__asm__("" : "+r" (null));	/* do not let gcc know */
	set_fs(KERNEL_DS);
	for_each_possible_cpu(cpu) {
		for (i = 0; i < PAGE_SIZE; i += 64)
			touch(per_cpu_ptr(null, cpu) + i);
		touch(per_cpu_ptr(null, cpu) + PAGE_SIZE - 1);
	}
	set_fs(old);
	printk(KERN_INFO "pcpu_null: %d errors\n", errors);
	return errors ? -EIO : 0;
}

TEST_MODULE(null_init);

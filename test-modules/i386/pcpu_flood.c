/*
 * pcpu_flood - a thousand requests that are refused, and wrong frees
 *
 * The log gets ten messages, and another that says how many it did not get.
 */
#include "test_module.h"
#include <linux/delay.h>

static int __init flood_init(void)
{
	int i, errors = 0;

	for (i = 0; i < 900; i++)
		errors += __alloc_percpu(64 << 20) != NULL;
	for (i = 0; i < 100; i++)
		free_percpu((void *)PAGE_SIZE);
	msleep(7000);
	printk(KERN_INFO "pcpu_flood: %d errors\n", errors);
	return errors ? -EIO : 0;
}

TEST_MODULE(flood_init);

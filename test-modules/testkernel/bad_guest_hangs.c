/* bad_guest_hangs - never comes back */
#include "test_module.h"

static int __init bad_guest_init(void)
{
	printk(KERN_INFO "bad_guest_hangs: here it comes\n");
	for (;;)
		__asm__ volatile("pause");
	return 0;
}

TEST_MODULE(bad_guest_init);

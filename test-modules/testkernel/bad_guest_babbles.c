/* bad_guest_babbles - never comes back, and never falls silent */
#include "test_module.h"

static int __init bad_guest_init(void)
{
	volatile int i;

	for (;;) {
		printk(KERN_INFO "bad_guest_babbles: and so on\n");
		for (i = 0; i < 10000000; i++)
			;
	}
	return 0;
}

TEST_MODULE(bad_guest_init);

/* bad_guest_fails - its init function fails */
#include "test_module.h"

static int __init bad_guest_init(void)
{
	printk(KERN_INFO "bad_guest_fails: here it comes\n");
	return -ENODEV;
}

TEST_MODULE(bad_guest_init);

/* bad_guest_babbles - never comes back, and never falls silent */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>

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

static void __exit bad_guest_exit(void)
{
}

module_init(bad_guest_init);
module_exit(bad_guest_exit);
MODULE_LICENSE("GPL");

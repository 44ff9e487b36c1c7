/* bad_guest_hangs - never comes back */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>

static int __init bad_guest_init(void)
{
	printk(KERN_INFO "bad_guest_hangs: here it comes\n");
	for (;;)
		__asm__ volatile("pause");
	return 0;
}

static void __exit bad_guest_exit(void)
{
}

module_init(bad_guest_init);
module_exit(bad_guest_exit);
MODULE_LICENSE("GPL");

/* bad_guest_fails - its init function fails */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>

static int __init bad_guest_init(void)
{
	printk(KERN_INFO "bad_guest_fails: here it comes\n");
	return -ENODEV;
}

static void __exit bad_guest_exit(void)
{
}

module_init(bad_guest_init);
module_exit(bad_guest_exit);
MODULE_LICENSE("GPL");

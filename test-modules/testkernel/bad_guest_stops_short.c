/* bad_guest_stops_short - says all went well, and switches the machine off */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>

static int __init bad_guest_init(void)
{
	printk(KERN_INFO "END: 0 failed\n");
	__asm__ volatile("outw %w0,%w1" : : "a" (0x2000), "Nd" (0x604));
	/* QEMU takes a while, in which the plan would be fulfilled. */
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

/* bad_guest_resets - resets the machine through the keyboard controller */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>

static int __init bad_guest_init(void)
{
	printk(KERN_INFO "bad_guest_resets: here it comes\n");
	__asm__ volatile("outb %0,$0x64" : : "a" ((char)0xfe));
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

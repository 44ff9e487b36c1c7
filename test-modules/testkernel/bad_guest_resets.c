/* bad_guest_resets - resets the machine through the keyboard controller */
#include "test_module.h"

static int __init bad_guest_init(void)
{
	printk(KERN_INFO "bad_guest_resets: here it comes\n");
	__asm__ volatile("outb %0,$0x64" : : "a" ((char)0xfe));
	for (;;)
		__asm__ volatile("pause");
	return 0;
}

TEST_MODULE(bad_guest_init);

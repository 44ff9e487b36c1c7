/* bad_guest_stops_short - says all went well, and switches the machine off */
#include "test_module.h"

static int __init bad_guest_init(void)
{
	printk(KERN_INFO "END: 0 failed\n");
	__asm__ volatile("outw %w0,%w1" : : "a" (0x2000), "Nd" (0x604));
	/* QEMU takes a while, in which the plan would be fulfilled. */
	for (;;)
		__asm__ volatile("pause");
	return 0;
}

TEST_MODULE(bad_guest_init);

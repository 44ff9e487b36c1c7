/* pcpu_empty - has a .data.percpu of no bytes */
#include "test_module.h"

__asm__(".section .data.percpu,\"aw\"\n\t.previous");

static int __init empty_init(void)
{
	printk(KERN_INFO "pcpu_empty: loaded\n");
	return 0;
}

/* There is nothing that could be wrong. */
static void __exit empty_exit(void)
{
	printk(KERN_INFO "pcpu_empty: 0 errors\n");
}

TEST_MODULE_EXIT(empty_init, empty_exit);

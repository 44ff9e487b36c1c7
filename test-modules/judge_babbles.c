/* judge_babbles - never comes back, and never falls silent */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>

static int __init judge_init(void)
{
	volatile int i;

	for (;;) {
		printk(KERN_INFO "judge_babbles: and so on\n");
		for (i = 0; i < 10000000; i++)
			;
	}
	return 0;
}

static void __exit judge_exit(void)
{
}

module_init(judge_init);
module_exit(judge_exit);
MODULE_LICENSE("GPL");

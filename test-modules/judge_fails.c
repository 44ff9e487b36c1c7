/* judge_fails - its init function fails: the judge of a boot must say so */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>

static int __init judge_init(void)
{
	printk(KERN_INFO "judge_fails: here it comes\n");
	return -ENODEV;
}

static void __exit judge_exit(void)
{
}

module_init(judge_init);
module_exit(judge_exit);
MODULE_LICENSE("GPL");

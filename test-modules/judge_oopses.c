/* judge_oopses - uses a per-CPU variable without an accessor: must oops */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, victim) = 1;

static int __init judge_init(void)
{
	printk(KERN_INFO "judge_oopses: here it comes\n");
	return per_cpu__victim;
}

static void __exit judge_exit(void)
{
}

module_init(judge_init);
module_exit(judge_exit);
MODULE_LICENSE("GPL");

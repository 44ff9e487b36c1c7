/* pcpu_no_accessor - uses a per-CPU variable without an accessor: must oops */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, victim) = 1;

static int __init no_accessor_init(void)
{
	printk(KERN_INFO "pcpu_no_accessor: here it comes\n");
	return per_cpu__victim;
}

static void __exit no_accessor_exit(void)
{
}

module_init(no_accessor_init);
module_exit(no_accessor_exit);
MODULE_LICENSE("GPL");

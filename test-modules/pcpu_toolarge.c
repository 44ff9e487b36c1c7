/* pcpu_toolarge - 2000000 bytes, more than a window holds: must not load */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(char [2000000], large) = { 1 };

static int __init toolarge_init(void)
{
	printk(KERN_ERR "pcpu_toolarge: loaded, with %d\n",
	       per_cpu(large, 0)[1]);
	return 0;
}

static void __exit toolarge_exit(void)
{
}

module_init(toolarge_init);
module_exit(toolarge_exit);
MODULE_LICENSE("GPL");

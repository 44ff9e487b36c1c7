/* pcpu_overaligned - data aligned to two pages: must not load */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, misfit) __attribute__((aligned(8192))) = 1;

static int __init overaligned_init(void)
{
	printk(KERN_ERR "pcpu_overaligned: loaded, with %d\n",
	       per_cpu(misfit, 0));
	return 0;
}

static void __exit overaligned_exit(void)
{
}

module_init(overaligned_init);
module_exit(overaligned_exit);
MODULE_LICENSE("GPL");

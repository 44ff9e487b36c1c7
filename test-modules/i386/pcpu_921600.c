/* pcpu_921600 - more per-CPU data than any module in public has: 900 KiB */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>
#include <linux/percpu.h>
#include <linux/cpumask.h>

#define WORDS	(921600 / sizeof(int))

static DEFINE_PER_CPU(int, words[WORDS]);

static int word(int cpu, int i)
{
	return cpu * 1000000 + i;
}

static int __init words_init(void)
{
	int cpu, i, errors = 0;

	for_each_possible_cpu(cpu)
		for (i = 0; i < WORDS; i++) {
			errors += per_cpu(words, cpu)[i] != 0;
			per_cpu(words, cpu)[i] = word(cpu, i);
		}
	if (!errors)
		return 0;
	printk(KERN_ERR "pcpu_921600: %d errors when loaded\n", errors);
	return -EIO;
}

static void __exit words_exit(void)
{
	int cpu, i, errors = 0;

	for_each_possible_cpu(cpu)
		for (i = 0; i < WORDS; i++)
			errors += per_cpu(words, cpu)[i] != word(cpu, i);
	printk(KERN_INFO "pcpu_921600: %d errors\n", errors);
}

module_init(words_init);
module_exit(words_exit);
MODULE_LICENSE("GPL");

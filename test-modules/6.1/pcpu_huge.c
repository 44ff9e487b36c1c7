// SPDX-License-Identifier: GPL-2.0
/*
 * pcpu_huge - 2^34 bytes of static per-CPU data, which take none in the file
 *
 * More bytes than an int counts must be refused, not taken for fewer.
 */
#include <linux/module.h>

__asm__(".pushsection .data..percpu, \"aw\", @nobits\n"
	"	.skip	0x400000000\n"
	"	.popsection\n");

static int __init huge_init(void)
{
	pr_err("pcpu_huge: 1 errors: it was loaded\n");
	return -EIO;
}

static void __exit huge_exit(void)
{
}

module_init(huge_init);
module_exit(huge_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("More static per-CPU data than an int counts");

/*
 * test_module.h - what test modules have in common
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/init.h>
#include <linux/errno.h>
#include <linux/percpu.h>

/* A module that is done when it is loaded. */
#define TEST_MODULE(init)			\
	static void __exit test_exit(void)	\
	{					\
	}					\
	TEST_MODULE_EXIT(init, test_exit)

#define TEST_MODULE_EXIT(init, exit)		\
	module_init(init);			\
	module_exit(exit);			\
	MODULE_LICENSE("GPL")

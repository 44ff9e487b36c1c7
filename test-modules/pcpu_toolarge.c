/* pcpu_toolarge - 2000000 bytes, more than a window holds: must not load */
#include "test_module.h"

static DEFINE_PER_CPU(char [2000000], large) = { 1 };

static int __init toolarge_init(void)
{
	printk(KERN_ERR "pcpu_toolarge: loaded, with %d\n",
	       per_cpu(large, 0)[1]);
	return 0;
}

TEST_MODULE(toolarge_init);

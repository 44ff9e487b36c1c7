/* pcpu_overaligned - data aligned to two pages: must not load */
#include "test_module.h"

static DEFINE_PER_CPU(int, misfit) __attribute__((aligned(8192))) = 1;

static int __init overaligned_init(void)
{
	printk(KERN_ERR "pcpu_overaligned: loaded, with %d\n",
	       per_cpu(misfit, 0));
	return 0;
}

TEST_MODULE(overaligned_init);

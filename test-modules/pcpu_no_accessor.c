/* pcpu_no_accessor - uses a per-CPU variable without an accessor: must oops */
#include "test_module.h"

static DEFINE_PER_CPU(int, victim) = 1;

static int __init no_accessor_init(void)
{
	printk(KERN_INFO "pcpu_no_accessor: here it comes\n");
	return per_cpu__victim;
}

TEST_MODULE(no_accessor_init);

/*
 * pcpu_atomic - alloc_percpu() with interrupts off, which nobody may do
 *
 * They are off when it returns, also when pages wait to be unmapped, for which
 * other CPUs are interrupted; and when it is refused.  Mutexes that are
 * debugged switch them on themselves.
 */
#include "test_module.h"
#include <linux/interrupt.h>

#define ROUNDS		100

#ifdef CONFIG_DEBUG_MUTEXES
#define switched_on()	0
#else
#define switched_on()	(!irqs_disabled())
#endif

static int __init atomic_init(void)
{
	int i, errors = 0, null = 0;
	void *page, *object;

	for (i = 0; i < ROUNDS; i++) {
		page = __alloc_percpu(PAGE_SIZE);
		local_irq_disable();
		free_percpu(page);
		object = __alloc_percpu(4 + i * 40);
		errors += switched_on();
		local_irq_disable();
		free_percpu(object);
		errors += switched_on();
		local_irq_enable();
		null += !page || !object;
	}
	local_irq_disable();
	null += __alloc_percpu(64 << 20) != NULL;
	errors += switched_on();
	local_irq_enable();
	printk(KERN_INFO "pcpu_atomic: %d not as asked\n", null);
	printk(KERN_INFO "pcpu_atomic: %d errors\n", errors);
	return errors || null ? -EIO : 0;
}

TEST_MODULE(atomic_init);

/*
 * pcpu_address - where a copy is in memory, by what modules may use
 *
 * percpu_vm_phys() leads to the page that a copy is in: of a variable of the
 * module and of an object.  virt_addr_valid() says that a copy
 * is not for virt_to_page().
 */
#include "test_module.h"
#include <linux/mm.h>
#include <linux/highmem.h>
#include <linux/cpumask.h>

/* Of <linux/percpu_vm.h>, which stock has not: there this does not load. */
extern unsigned long long percpu_vm_phys(const void *copy);

static DEFINE_PER_CPU(unsigned long, variable);

/* Is at @copy's physical address what is at @copy?  Returns errors. */
static int check(unsigned long *copy, unsigned long value)
{
	unsigned long long phys = percpu_vm_phys(copy);
	struct page *page = pfn_to_page(phys >> PAGE_SHIFT);
	char *map;
	int errors;

	*copy = value;
	map = kmap(page);
	errors = *(unsigned long *)(map + (phys & ~PAGE_MASK)) != value;
	*(unsigned long *)(map + (phys & ~PAGE_MASK)) = ~value;
	kunmap(page);
	return errors + (*copy != ~value) + !!virt_addr_valid(copy);
}

static int __init address_init(void)
{
	unsigned long *object = __alloc_percpu(3 * PAGE_SIZE), i;
	int cpu, errors = 0;

	if (!object)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		errors += check(&per_cpu(variable, cpu), 100 + cpu);
		for (i = 0; i < 3 * PAGE_SIZE / sizeof(*object); i += 100)
			errors += check(per_cpu_ptr(object, cpu) + i, i + cpu);
	}
	free_percpu(object);
	printk(KERN_INFO "pcpu_address: %d errors\n", errors);
	return errors ? -EIO : 0;
}

TEST_MODULE(address_init);

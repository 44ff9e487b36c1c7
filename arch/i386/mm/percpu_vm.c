/*
 * arch/i386/mm/percpu_vm.c - page tables of the per-CPU windows
 *
 * Licensed under the GPL, version 2.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/bootmem.h>
#include <linux/module.h>
#include <linux/highmem.h>
#include <linux/percpu_vm.h>
#include <asm/fixmap.h>
#include <asm/pgtable.h>

EXPORT_SYMBOL(__percpu_vm_stride);	/* the accessors use it */

/* i386 has no pud level of its own. */
pud_t * __init pud_boot_alloc(pgd_t *pgd, unsigned long addr, int node)
{
	return pud_offset(pgd, addr);
}

/*
 * With two levels there is no pmd either.  With PAE pagetable_init() has
 * given every kernel pgd entry its pmd page.  Nothing to allocate.
 */
pmd_t * __init pmd_boot_alloc(pud_t *pud, unsigned long addr, int node)
{
	return pmd_offset(pud, addr);
}

/* Neighbouring windows share a table: it may be there already. */
pte_t * __init pte_boot_alloc(pmd_t *pmd, unsigned long addr, int node)
{
	pte_t *table;

	/*
	 * The windows end below the fixmap and start above pkmap and vmalloc;
	 * vmalloc= cannot have lowmem end above VMALLOC_END.
	 */
	BUILD_BUG_ON(PERCPU_VM_END >= FIXADDR_BOOT_START);
	BUILD_BUG_ON(PERCPU_VM_LINK < VMALLOC_END);

	if (pmd_none(*pmd)) {
		table = alloc_bootmem_pages_node(NODE_DATA(node), PAGE_SIZE);
		set_pmd(pmd, __pmd(__pa(table) | _PAGE_TABLE));
	}
	return pte_offset_kernel(pmd, addr);
}

/*
 * arch/arm/mm/percpu_vm.c - page tables of the per-CPU windows
 *
 * Licensed under the GPL, version 2.
 */
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/bootmem.h>
#include <linux/percpu_vm.h>
#include <asm/pgalloc.h>
#include <asm/hardware.h>

/* There is no pud, */
pud_t * __init pud_boot_alloc(pgd_t *pgd, unsigned long addr, int node)
{
	return pud_offset(pgd, addr);
}

/* and no pmd. */
pmd_t * __init pmd_boot_alloc(pud_t *pud, unsigned long addr, int node)
{
	return pmd_offset(pud, addr);
}

/*
 * Neighbouring windows share a table: it may be there already.  A page has
 * two tables for the hardware, which may walk them in memory, past the cache,
 * and behind them two for Linux.
 */
pte_t * __init pte_boot_alloc(pmd_t *pmd, unsigned long addr, int node)
{
	pte_t *table;

	if (pmd_none(*pmd)) {
		table = alloc_bootmem_pages_node(NODE_DATA(node), PAGE_SIZE);
		clean_dcache_area(table, sizeof(pte_t) * PTRS_PER_PTE);
		pmd_populate_kernel(&init_mm, pmd, table + PTRS_PER_PTE);
	}
	return pte_offset_kernel(pmd, addr);
}

static int __init percpu_vm_check(void)
{
	BUILD_BUG_ON(PERCPU_VM_LINK < VMALLOC_END);
	BUILD_BUG_ON(PERCPU_VM_END > IO_ADDRESS(0));
	return 0;
}
core_initcall(percpu_vm_check);

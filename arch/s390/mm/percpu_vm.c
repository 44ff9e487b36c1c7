/*
 * arch/s390/mm/percpu_vm.c - page tables of the per-CPU windows
 *
 * The kernel has an address space of its own, with one page table.  An empty
 * entry is not zero: a new table must be filled with them.
 *
 * Licensed under the GPL, version 2.
 */
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/bootmem.h>
#include <linux/percpu_vm.h>
#include <asm/pgalloc.h>

/* 4level-fixup.h: a pud is the pgd. */
pud_t * __init pud_boot_alloc(pgd_t *pgd, unsigned long addr, int node)
{
	return pud_offset(pgd, addr);
}

/* pud_none() is always false then. */
pmd_t * __init pmd_boot_alloc(pud_t *pud, unsigned long addr, int node)
{
	pmd_t *table;
	int i;

	if (pgd_none(*pud)) {
		table = alloc_bootmem_pages_node(NODE_DATA(node),
						 PTRS_PER_PMD * sizeof(*table));
		for (i = 0; i < PTRS_PER_PMD; i++)
			pmd_clear(table + i);
		pgd_populate(&init_mm, pud, table);
	}
	return pmd_offset(pud, addr);
}

/* Neighbouring windows share a table: it may be there already. */
pte_t * __init pte_boot_alloc(pmd_t *pmd, unsigned long addr, int node)
{
	pte_t *table;
	int i;

	if (pmd_none(*pmd)) {
		table = alloc_bootmem_pages_node(NODE_DATA(node),
						 PTRS_PER_PTE * sizeof(*table));
		for (i = 0; i < PTRS_PER_PTE; i++)
			pte_clear(&init_mm, addr, table + i);
		pmd_populate_kernel(&init_mm, pmd, table);
	}
	return pte_offset_kernel(pmd, addr);
}

static int __init percpu_vm_check(void)
{
	BUILD_BUG_ON(PERCPU_VM_END > PTRS_PER_PGD * PGDIR_SIZE);
	BUILD_BUG_ON(VMALLOC_END >= PERCPU_VM_START);
	return 0;
}
core_initcall(percpu_vm_check);

/*
 * arch/x86_64/mm/percpu_vm.c - page tables of the per-CPU windows
 *
 * Licensed under the GPL, version 2.
 */
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/bootmem.h>
#include <linux/module.h>
#include <linux/percpu_vm.h>

EXPORT_SYMBOL(__percpu_vm_stride);	/* the accessors use it */

static unsigned long __init percpu_vm_table(int node)
{
	return __pa(alloc_bootmem_pages_node(NODE_DATA(node), PAGE_SIZE));
}

/* The last pgd entry: head.S made it, pgd_alloc() copies it. */
pud_t * __init pud_boot_alloc(pgd_t *pgd, unsigned long addr, int node)
{
	BUILD_BUG_ON(PERCPU_VM_END >= FIXADDR_START);
	BUILD_BUG_ON(PERCPU_VM_LINK <= MODULES_VADDR);

	return pud_offset(pgd, addr);
}

/* The last entry is shared with the vsyscall page: let user space through. */
pmd_t * __init pmd_boot_alloc(pud_t *pud, unsigned long addr, int node)
{
	if (pud_none(*pud))
		set_pud(pud, __pud(percpu_vm_table(node) | _KERNPG_TABLE |
				   _PAGE_USER));
	return pmd_offset(pud, addr);
}

/* Neighbouring windows share a table: it may be there already. */
pte_t * __init pte_boot_alloc(pmd_t *pmd, unsigned long addr, int node)
{
	if (pmd_none(*pmd))
		set_pmd(pmd, __pmd(percpu_vm_table(node) | _KERNPG_TABLE));
	return pte_offset_kernel(pmd, addr);
}

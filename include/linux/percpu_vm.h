#ifndef _LINUX_PERCPU_VM_H
#define _LINUX_PERCPU_VM_H
/*
 * Virtually mapped per-CPU areas: the contract between mm/percpu_vm.c, its
 * customers and the architectures.  See Documentation/vm-percpu.txt.
 */
#include <linux/percpu.h>

#ifdef __VM_PER_CPU
#include <asm/pgtable.h>

/*
 * Customers.  @ptr and the value returned are link addresses: hand them to
 * percpu_vm_ptr(), never dereference them.
 */
extern void *percpu_vm_alloc(unsigned long size, unsigned long align,
			     const char *owner);
extern void percpu_vm_free(void *ptr);

/* Copies, as per_cpu_ptr() and &per_cpu() give them. */
extern unsigned long long percpu_vm_phys(const void *copy);

/* True of an address inside the window of any CPU, mapped or not. */
static inline int is_percpu_vm_address(unsigned long addr)
{
	return addr - PERCPU_VM_START < PERCPU_VM_END - PERCPU_VM_START;
}

/*
 * What an architecture supplies, beside the constants in <asm/percpu_vm.h>,
 * which must be usable after <asm/pgtable.h>.
 *
 * Each callback returns the entry for @addr in the table below @pgd, @pud or
 * @pmd, and first allocates that table, on @node where it can, if there is
 * none.  A folded level returns its argument.  NULL means out of memory.
 * They are called once, single-threaded, after bootmem is up and before the
 * first user process exists; never later.
 */
extern pud_t *pud_boot_alloc(pgd_t *pgd, unsigned long addr, int node);
extern pmd_t *pmd_boot_alloc(pud_t *pud, unsigned long addr, int node);
extern pte_t *pte_boot_alloc(pmd_t *pmd, unsigned long addr, int node);

#else

#define percpu_vm_phys(copy)	__pa(copy)

static inline int is_percpu_vm_address(unsigned long addr)
{
	return 0;
}

#endif /* __VM_PER_CPU */

#endif /* _LINUX_PERCPU_VM_H */

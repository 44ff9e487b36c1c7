#ifndef _LINUX_PERCPU_VM_H
#define _LINUX_PERCPU_VM_H
/*
 * Virtually mapped per-CPU areas: what mm/percpu_vm.c is to the rest of the
 * kernel and to architectures.  See Documentation/vm-percpu.txt.
 */
#include <linux/percpu.h>

#ifdef __VM_PER_CPU
#include <linux/types.h>
#include <asm/pgtable.h>

/*
 * The module loader.  @ptr and the value returned are link addresses: hand
 * them to percpu_vm_ptr(), never dereference them.
 */
extern void *percpu_vm_alloc(unsigned long size, unsigned long align,
			     const char *owner);
extern void percpu_vm_free(void *ptr);

/* Copies, as per_cpu_ptr() and &per_cpu() give them. */
extern unsigned long long percpu_vm_phys(const void *copy);

static inline unsigned long percpu_vm_static_size(void)
{
	return (unsigned long)__per_cpu_end - (unsigned long)__per_cpu_start;
}

/* A CPU's copy of the static section. */
static inline unsigned long percpu_vm_base(int cpu)
{
	return (unsigned long)percpu_vm_ptr((void *)__per_cpu_start, cpu);
}

#ifdef __ARCH_PERCPU_VM_LOWMEM
extern char __per_cpu_spare_end[];
extern void percpu_vm_trim_static(void);

/* Bytes of lowmem that a CPU's static copy has, with spare room. */
static inline unsigned long percpu_vm_lowmem(void)
{
	return __per_cpu_spare_end - __per_cpu_start;
}
#else
static inline void percpu_vm_trim_static(void)
{
}

static inline unsigned long percpu_vm_lowmem(void)
{
	return 0;
}
#endif

/*
 * What an architecture supplies, beside the constants in <asm/percpu_vm.h>,
 * which must be usable after <asm/pgtable.h>.
 *
 * Each callback returns the entry for @addr in the table below @pgd, @pud or
 * @pmd, and first allocates that table from bootmem, which panics if it
 * cannot, on @node where it can, if there is none.  A folded level returns its
 * argument.  They are called once, single-threaded, after bootmem is up and
 * before the first user process exists; never later.
 */
extern pud_t *pud_boot_alloc(pgd_t *pgd, unsigned long addr, int node);
extern pmd_t *pmd_boot_alloc(pud_t *pud, unsigned long addr, int node);
extern pte_t *pte_boot_alloc(pmd_t *pmd, unsigned long addr, int node);

#else

#define percpu_vm_phys(copy)	__pa(copy)

#endif /* __VM_PER_CPU */

#endif /* _LINUX_PERCPU_VM_H */

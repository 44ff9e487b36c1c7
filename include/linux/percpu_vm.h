#ifndef _LINUX_PERCPU_VM_H
#define _LINUX_PERCPU_VM_H
/*
 * Virtually mapped per-CPU areas: the contract between mm/percpu_vm.c, its
 * customers and the architectures.  See Documentation/vm-percpu.txt.
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

/* True of an address inside the window of any CPU, mapped or not. */
static inline int is_percpu_vm_address(unsigned long addr)
{
	return addr - PERCPU_VM_START < PERCPU_VM_END - PERCPU_VM_START;
}

extern unsigned long __per_cpu_offset[NR_CPUS];	/* for debuggers */

/*
 * For mm/percpu_alloc.c and mm/percpu_vm_debug.c only, which count in offsets
 * from the start of a window.
 */
#define PERCPU_VM_OBJECT	0
#define PERCPU_VM_MODULE	1

extern long percpu_vm_reserve(unsigned long size, unsigned long align,
			      int kind, const void *owner);
extern void percpu_vm_release_later(unsigned long offset, const void *by);

/* Bytes above the static section that modules cannot have. */
#define PERCPU_VM_CORE		(PERCPU_VM_SIZE / 8)

#define PERCPU_VM_OWNER		128	/* KSYM_NAME_LEN + 1 */

struct percpu_vm_info {
	unsigned long	offset;
	unsigned long	size;
	int		freed;		/* waits for its release */
	char		owner[PERCPU_VM_OWNER];
};

struct percpu_vm_totals {
	unsigned long	room;		/* bytes free */
	unsigned long	largest;	/* in one piece */
	unsigned long	flushes;	/* of all CPUs' TLBs, since boot */
};

extern int percpu_vm_look(unsigned long offset, struct percpu_vm_info *info);
extern void percpu_vm_totals(struct percpu_vm_totals *totals);
extern pte_t *percpu_vm_pte(unsigned long addr);
extern u32 percpu_vm_fail_page;

static inline unsigned long percpu_vm_static_size(void)
{
	return (unsigned long)__per_cpu_end - (unsigned long)__per_cpu_start;
}

static inline unsigned long percpu_vm_window(int cpu)
{
	return PERCPU_VM_START + __percpu_vm_offset(cpu);
}

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

static inline int is_percpu_vm_address(unsigned long addr)
{
	return 0;
}

#endif /* __VM_PER_CPU */

#endif /* _LINUX_PERCPU_VM_H */

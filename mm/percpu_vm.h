#ifndef _MM_PERCPU_VM_H
#define _MM_PERCPU_VM_H
/*
 * What mm/percpu_vm.c is to mm/percpu_alloc.c and mm/percpu_vm_debug.c.
 * Offsets count from a CPU's copy of the static section.
 */
#include <linux/percpu_vm.h>

/* What a reservation is. */
#define PERCPU_VM_OBJECT	0
#define PERCPU_VM_MODULE	1
#define PERCPU_VM_FREED		2	/* an object that waits for release */
#define PERCPU_VM_END_OF_BANK	3	/* nobody's */

extern unsigned long percpu_vm_reserve(unsigned long size, unsigned long align,
				       int kind, const void *owner);
extern void percpu_vm_free_deferred(unsigned long offset, const void *by);

/* Bytes above the static section that modules cannot have. */
#ifdef __ARCH_GROWS_VM_PERCPU
#define PERCPU_VM_DYNAMIC_RESERVE		0UL
#else
#define PERCPU_VM_DYNAMIC_RESERVE		(PERCPU_VM_SIZE / 8)
#endif

#define PERCPU_VM_OWNER_LEN		128	/* KSYM_NAME_LEN + 1 */

struct percpu_vm_info {
	unsigned long	offset;
	unsigned long	size;
	int		kind;
	char		owner[PERCPU_VM_OWNER_LEN];
};

struct percpu_vm_totals {
	unsigned long	size;		/* bytes, reserved or free */
	unsigned long	free;		/* bytes */
	unsigned long	largest;	/* in one piece */
	unsigned long	flushes;	/* to free pages, since boot */
};

extern int percpu_vm_describe(unsigned long from, struct percpu_vm_info *info);
extern int percpu_vm_bank_offset(unsigned long n, unsigned long *offset);
extern void percpu_vm_totals(struct percpu_vm_totals *totals);
extern pte_t *percpu_vm_pte(unsigned long addr);
extern u32 percpu_vm_fail_page;

/* The offset of the first bank: 0 where static data is in its windows. */
static inline unsigned long percpu_vm_first_bank(void)
{
	return PERCPU_VM_START - percpu_vm_base(0);
}

#endif /* _MM_PERCPU_VM_H */

#ifndef _ASM_I386_PERCPU_VM_H
#define _ASM_I386_PERCPU_VM_H
/*
 * Per-CPU data of i386.  In lowmem, the static copies, a stride apart:
 *
 *	_text ... __bss_stop
 *	.data.percpu, spare room	CPU 0, the last of the image
 *	    boot page tables, the map of bootmem, other memory
 *	copy, spare room		CPU 1
 *	    other memory
 *	...
 *
 * A small stride keeps the copies of the first CPUs in the large page that has
 * the kernel's own data.  And the first bank of windows, below the fixmap:
 *
 *	FIXADDR_BOOT_START
 *	    a page, never mapped
 *	PERCPU_VM_END
 *	    window of CPU NR_CPUS - 1
 *	    ...
 *	    window of CPU 0
 *	PERCPU_VM_START
 *	    pkmap, vmalloc, ...
 *
 * PERCPU_VM_START and PERCPU_VM_END need <asm/fixmap.h> where they are used.
 * The accessors do not use them, so this header includes next to nothing and
 * <asm/percpu.h> can be included by everything.
 */
#include <linux/threads.h>

#define __ARCH_HAS_VM_PERCPU
#define __ARCH_PERCPU_VM_LOWMEM
#define __ARCH_GROWS_VM_PERCPU

#define PERCPU_VM_STRIDE	(CONFIG_PERCPU_VM_KB * 1024UL)
#define PERCPU_VM_END		(FIXADDR_BOOT_START - PAGE_SIZE)
#define PERCPU_VM_START		(PERCPU_VM_END - NR_CPUS * PERCPU_VM_STRIDE)

/*
 * The section is linked at its physical address by vmlinux.lds.S.  When the
 * CPUs are up the kernel has nothing mapped there: a use without an accessor
 * oopses, unless the current process has mapped that address, as with NULL.
 */
#define PERCPU_VM_LINK_OFFSET	PAGE_OFFSET

/*
 * What comes between CPU 0's copy and CPU 1's, at most: a page table for each
 * 4 or 2 MiB of a large image, a bit for each page of lowmem, and NUMA's first
 * node.
 */
#ifdef CONFIG_NUMA
#define PERCPU_VM_BOOT_PAGES	12
#else
#define PERCPU_VM_BOOT_PAGES	8
#endif
#define PERCPU_VM_BOOT	\
	(PERCPU_VM_BOOT_PAGES * PAGE_SIZE + -PAGE_OFFSET / (8 * PAGE_SIZE))

/* PERCPU_VM_START, without <asm/fixmap.h>: the linker script defines it. */
#define __percpu_vm_start	((unsigned long)__percpu_vm_windows)

/*
 * The first bank takes address space from vmalloc, a quarter of it at most.
 * This is for a .config edited by hand.
 */
#if defined(CONFIG_HAS_VM_PERCPU) && NR_CPUS * CONFIG_PERCPU_VM_KB > 32 * 1024
#error "NR_CPUS windows do not fit: lower NR_CPUS or take smaller windows"
#endif

#ifndef __ASSEMBLY__
extern char __percpu_vm_windows[];

#ifdef CONFIG_HAS_VM_PERCPU
/* Where the static copy of a CPU is in memory. */
#define percpu_vm_static_phys(cpu)	\
	((unsigned long)__per_cpu_start + (cpu) * PERCPU_VM_STRIDE)

/* What alloc_cpu_id() may choose from: not all numbers have data. */
#define percpu_vm_cpu_map	cpu_possible_map

extern int percpu_vm_cpu(int n, int flat);
extern void percpu_vm_reserve_static(void);
extern void percpu_vm_fill_static(void);
#else
#define percpu_vm_cpu_map	CPU_MASK_ALL

static inline int percpu_vm_cpu(int n, int flat)
{
	return n;
}

static inline void percpu_vm_reserve_static(void)
{
}

static inline void percpu_vm_fill_static(void)
{
}
#endif
#endif

#endif /* _ASM_I386_PERCPU_VM_H */

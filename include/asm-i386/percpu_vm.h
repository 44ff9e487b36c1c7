#ifndef _ASM_I386_PERCPU_VM_H
#define _ASM_I386_PERCPU_VM_H
/*
 * Where the per-CPU windows of i386 are: right below the fixmap, ending on a
 * 4 MiB boundary so that they are at the same place with and without PAE.
 *
 *	FIXADDR_BOOT_START
 *	    hole, at least a page
 *	PERCPU_VM_END
 *	    window of CPU NR_CPUS - 1
 *	    ...
 *	    window of CPU 0
 *	PERCPU_VM_START
 *	    link slot, never mapped; .data.percpu is linked here
 *	PERCPU_VM_LINK
 *	    pkmap, vmalloc, ...
 *
 * PERCPU_VM_START and PERCPU_VM_END need <asm/fixmap.h> where they are used.
 * The accessors do not use them, so this header includes next to nothing and
 * <asm/percpu.h> can be included by everything.
 */
#include <linux/threads.h>
#include <asm-i386/percpu_vm_offset.h>

#define __ARCH_HAS_VM_PERCPU
#define __ARCH_LINKS_VM_PERCPU	/* at PERCPU_VM_LINK, by vmlinux.lds.S */

#define __ARCH_LINKS_PERCPU_HOT	/* into one page, likewise */

#define PERCPU_VM_SHIFT		CONFIG_PERCPU_VM_SHIFT
#define PERCPU_VM_ALIGN		(1UL << 22)

#define PERCPU_VM_END \
	((FIXADDR_BOOT_START - PAGE_SIZE) & ~(PERCPU_VM_ALIGN - 1))
#define PERCPU_VM_START		(PERCPU_VM_END - NR_CPUS * PERCPU_VM_STRIDE)
#define PERCPU_VM_LINK		(PERCPU_VM_START - PERCPU_VM_STRIDE)

/*
 * Address space the windows, the link slot and the alignment take, rounded up
 * to what VMALLOC_START is rounded to: lowmem then ends on a large page, and
 * vmalloc is not smaller than without windows.  setup.S, which tells loaders
 * where an initrd may be, uses it too, so it is for the assembler as well.
 */
#ifdef CONFIG_HAS_VM_PERCPU
#define PERCPU_VM_SPACE \
	((((NR_CPUS) + 1) * ((1 << PERCPU_VM_SHIFT) + 4096) + (4 << 20) + \
	  (8 << 20) - 1) & ~((8 << 20) - 1))
#else
#define PERCPU_VM_SPACE		0
#endif

/*
 * A quarter of the 1 GiB that the kernel has by default may go to windows, and
 * no more but the link slot: lowmem pays for it.  Kconfig keeps to this; the
 * check is for who edits .config by hand.
 */
#if defined(CONFIG_HAS_VM_PERCPU) && \
	((NR_CPUS) + 1) * ((1 << (PERCPU_VM_SHIFT)) + 4096) > (257 << 20)
#error "NR_CPUS windows of this size do not fit: lower NR_CPUS or take smaller ones"
#endif

#ifndef __ASSEMBLY__
#ifdef CONFIG_HAS_VM_PERCPU
extern void percpu_vm_trap_early(void);
#else
static inline void percpu_vm_trap_early(void)
{
}
#endif
#endif

#endif /* _ASM_I386_PERCPU_VM_H */

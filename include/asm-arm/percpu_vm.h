#ifndef _ASM_ARM_PERCPU_VM_H
#define _ASM_ARM_PERCPU_VM_H
/*
 * The per-CPU windows of RealView, the only SMP machine there is, lie between
 * vmalloc and the static mappings of IO at f0000000, where nothing else does.
 */
#include <linux/threads.h>
#include <asm/memory.h>

#define __ARCH_HAS_VM_PERCPU
#define __ARCH_LINKS_VM_PERCPU	/* at PERCPU_VM_LINK, by vmlinux.lds.S */

#define PERCPU_VM_LINK		UL(0xe0000000)
#define PERCPU_VM_START		(PERCPU_VM_LINK + PERCPU_VM_STRIDE)
#define PERCPU_VM_END		(PERCPU_VM_START + NR_CPUS * PERCPU_VM_STRIDE)

#endif /* _ASM_ARM_PERCPU_VM_H */

#ifndef _ASM_X86_64_PERCPU_VM_H
#define _ASM_X86_64_PERCPU_VM_H
/*
 * The per-CPU windows of x86_64 lie between the modules and the vsyscall page:
 * in the top 2 GB, which modules and -mcmodel=kernel can reach.  The linker
 * script uses these constants too, so they have no suffix.
 */
#include <linux/threads.h>
#include <asm/percpu_vm_offset.h>

#define __ARCH_HAS_VM_PERCPU
#define __ARCH_LINKS_VM_PERCPU	/* at PERCPU_VM_LINK, by vmlinux.lds.S */

#define PERCPU_VM_END		0xffffffffff000000
#define PERCPU_VM_START		(PERCPU_VM_END - NR_CPUS * __PERCPU_VM_STRIDE)
#define PERCPU_VM_LINK		(PERCPU_VM_START - __PERCPU_VM_STRIDE)
#define __PERCPU_VM_STRIDE	(CONFIG_PERCPU_VM_KB * 1024 + 4096)

#ifndef __ASSEMBLY__
#include <asm/pda.h>

/*
 * The PDA holds what is between a link address and its CPU's copy: accessors
 * and exception entries add it to the symbol, and nothing else.
 */
#define __percpu_vm_data_offset(cpu)	__percpu_vm_offset((cpu) + 1)
#define __percpu_vm_my_offset() \
	(read_pda(data_offset) - __percpu_vm_data_offset(0))
#endif

#endif /* _ASM_X86_64_PERCPU_VM_H */

#ifndef _HOST_ASM_PERCPU_VM_H
#define _HOST_ASM_PERCPU_VM_H
/* The host as an architecture: .data.percpu stays where the linker puts it. */

#define __ARCH_HAS_VM_PERCPU

#ifndef HOST_SHIFT
#define HOST_SHIFT		20
#endif

#define PERCPU_VM_SHIFT		HOST_SHIFT
/* Not on a table boundary: windows straddle page tables at every level. */
#ifndef HOST_BASE
#define HOST_BASE		0x200000000000UL
#endif
#define PERCPU_VM_START		(HOST_BASE + 0x9000UL)
#define PERCPU_VM_END		(PERCPU_VM_START + NR_CPUS * PERCPU_VM_STRIDE)

#endif

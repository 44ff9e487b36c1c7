#ifndef _HOST_ASM_PERCPU_VM_H
#define _HOST_ASM_PERCPU_VM_H
/*
 * The host as an architecture; .data.percpu stays where the linker puts it.
 *
 *	HOST_RAM	RAM, with HOST_LOWMEM the static copies in it
 *	HOST_BASE	what page tables are for: vmalloc, the first bank
 *
 * It is as i386 with HOST_LOWMEM, and as others without.
 */

#define __ARCH_HAS_VM_PERCPU

#ifndef CONFIG_PERCPU_VM_KB
#define CONFIG_PERCPU_VM_KB	1024
#endif
#ifndef HOST_BASE
#define HOST_BASE		0x200000000000UL
#endif
#define HOST_RAM		(HOST_BASE - 0x8000000UL)

#ifdef HOST_LOWMEM
#define __ARCH_PERCPU_VM_LOWMEM
#define __ARCH_GROWS_VM_PERCPU
#define PERCPU_VM_STRIDE	(CONFIG_PERCPU_VM_KB * 1024UL)
#define HOST_VMALLOC		0x4000000UL
/* Where CPU 0's copy of the static section is. */
#define HOST_STATIC		(HOST_RAM + 0x3000UL)
#define PERCPU_VM_LINK_OFFSET	(HOST_STATIC - (unsigned long)__per_cpu_start)
#else
#define HOST_VMALLOC		0UL
#define HOST_STATIC		PERCPU_VM_START
#endif

/* Not on a table boundary: windows straddle page tables at every level. */
#define PERCPU_VM_START		(HOST_BASE + HOST_VMALLOC + 0x9000UL)
#define PERCPU_VM_END		(PERCPU_VM_START + NR_CPUS * PERCPU_VM_STRIDE)

#define VMALLOC_START		(HOST_BASE + 0x5000UL)
#define VMALLOC_END		(VMALLOC_START + host_vmalloc)

/* Of its HOST_VMALLOC bytes vmalloc has these. */
extern unsigned long host_vmalloc;

#endif

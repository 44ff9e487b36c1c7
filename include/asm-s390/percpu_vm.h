#ifndef _ASM_S390_PERCPU_VM_H
#define _ASM_S390_PERCPU_VM_H
/*
 * The per-CPU windows of s390x have the top 4 GB of the kernel's 4 TB.  One
 * instruction loads PERCPU_VM_START: it has 16 bits that are not zero.
 *
 * Symbols are addressed relative to the instruction, within 4 GB, where memory
 * is mapped: .data.percpu cannot be linked at the windows.
 */
#include <linux/threads.h>
#include <asm/lowcore.h>

#define __ARCH_HAS_VM_PERCPU

#define PERCPU_VM_START		0x3ff00000000UL
#define PERCPU_VM_END		(PERCPU_VM_START + NR_CPUS * PERCPU_VM_STRIDE)

/* The lowcore holds what is between a link address and its CPU's copy. */
#define __percpu_vm_to_cpu0	\
	(PERCPU_VM_START - (unsigned long)__per_cpu_start)
#define per_cpu_offset(cpu)	(__percpu_vm_to_cpu0 + __percpu_vm_offset(cpu))
#define __percpu_vm_my_offset()	\
	(S390_lowcore.percpu_offset - __percpu_vm_to_cpu0)

/* A module may be more than 4 GB above: it has the address in its GOT. */
#ifdef MODULE
#define __percpu_vm_symbol(var)						\
	({ __typeof__(&per_cpu__##var) *__entry;			\
	   asm ("larl %0,per_cpu__"#var"@GOTENT"			\
		: "=a" (__entry) : "X" (per_cpu__##var));		\
	   *__entry; })
#endif

#endif /* _ASM_S390_PERCPU_VM_H */

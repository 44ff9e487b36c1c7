#ifndef _ASM_X86_64_PERCPU_VM_OFFSET_H
#define _ASM_X86_64_PERCPU_VM_OFFSET_H

/*
 * A multiplication by a number gcc takes apart, here into a move, two shifts
 * and an addition.  By a symbol, whose value it cannot know, it takes one
 * instruction; the linker script gives it the stride for an address.  What is
 * constant is left to gcc.
 */
#ifndef __ASSEMBLY__
extern char __percpu_vm_stride[];
#endif

#define __percpu_vm_offset(cpu)						\
	((unsigned long)(cpu) *						\
	 (__builtin_constant_p(cpu) ? PERCPU_VM_STRIDE :		\
	  (unsigned long)__percpu_vm_stride))

#endif /* _ASM_X86_64_PERCPU_VM_OFFSET_H */

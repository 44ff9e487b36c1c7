#ifndef _ASM_I386_PERCPU_VM_OFFSET_H
#define _ASM_I386_PERCPU_VM_OFFSET_H

/*
 * One instruction, where gcc takes a move, two shifts and an addition.  What
 * is constant is left to gcc.  x86_64 uses this too.
 */
#define __percpu_vm_offset(cpu)						\
	(__builtin_constant_p(cpu) ? (cpu) * PERCPU_VM_STRIDE :		\
	 ({ unsigned long __offset;					\
	    asm("imul %2,%1,%0" : "=r" (__offset)			\
		: "rm" ((unsigned long)(cpu)), "i" (PERCPU_VM_STRIDE));	\
	    __offset; }))

#endif /* _ASM_I386_PERCPU_VM_OFFSET_H */

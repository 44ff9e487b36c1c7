#ifndef _ASM_GENERIC_PERCPU_VM_H_
#define _ASM_GENERIC_PERCPU_VM_H_
/*
 * Accessors for virtually mapped per-CPU areas (mm/percpu_vm.c).
 *
 * <asm/percpu.h> gets here with the architecture's <asm/percpu_vm.h> already
 * included: PERCPU_VM_SHIFT, __ARCH_HAS_VM_PERCPU, and, where .data.percpu is
 * linked in the link slot, __ARCH_LINKS_VM_PERCPU and PERCPU_VM_LINK.
 */
#include <linux/compiler.h>

/* Tells C code that both the configuration and the architecture want this. */
#define __VM_PER_CPU

/*
 * Bytes that a window holds, and from one CPU's window to the next one's.  The
 * page between two windows is their guard.  It also makes the stride an odd
 * number of pages: with a power of two the copies of a variable would be in
 * one set of a TLB, and whoever adds them up would find only as many of them
 * as the set has ways.
 */
#define PERCPU_VM_SIZE		(1UL << PERCPU_VM_SHIFT)
#define PERCPU_VM_STRIDE	(PERCPU_VM_SIZE + PAGE_SIZE)

extern char __per_cpu_start[], __per_cpu_end[];

/*
 * Every per-CPU symbol and every pointer from percpu_vm_alloc() is a link
 * address.  What lies between it and CPU 0's copy is a constant.  With the
 * section linked one stride below CPU 0's window the compiler folds that
 * constant into the displacement, and an access is a multiplication and one
 * memory operand.  Otherwise it is the distance from __per_cpu_start, which
 * i386 could not express in one relocation: it costs an instruction.
 *
 * This is plain integer arithmetic on purpose: hiding the sum from gcc, as
 * RELOC_HIDE() does, also hides it from constant folding.
 */
#ifdef __ARCH_LINKS_VM_PERCPU

/* PERCPU_VM_START, without what that includes */
#define __percpu_vm_start	\
	((unsigned long)__per_cpu_start + PERCPU_VM_STRIDE)
#define __percpu_vm_cpu0(addr)	((addr) + PERCPU_VM_STRIDE)

extern char __per_cpu_load[];	/* where the image of the section is loaded */

#else

#define PERCPU_VM_LINK		((unsigned long)__per_cpu_start)
#define __percpu_vm_start	PERCPU_VM_START
#define __percpu_vm_cpu0(addr)	\
	((addr) - (unsigned long)__per_cpu_start + PERCPU_VM_START)
#define __per_cpu_load		__per_cpu_start

#endif

/*
 * From CPU 0's window to that of @cpu, or of the running CPU, which an
 * architecture may keep at hand; raw: where it may change any moment.
 */
#ifndef __percpu_vm_offset
#define __percpu_vm_offset(cpu)	((unsigned long)(cpu) * PERCPU_VM_STRIDE)
#endif
#ifndef __percpu_vm_my_offset
#define __percpu_vm_my_offset()	__percpu_vm_offset(smp_processor_id())
#ifndef __percpu_vm_raw_offset
#define __percpu_vm_raw_offset() __percpu_vm_offset(raw_smp_processor_id())
#endif
#endif
#ifndef __percpu_vm_raw_offset
#define __percpu_vm_raw_offset() __percpu_vm_my_offset()
#endif

#define __percpu_vm_at(ptr, offset)					\
	((__typeof__(ptr))(__percpu_vm_cpu0((unsigned long)(ptr)) + (offset)))

/**
 * percpu_vm_ptr - a CPU's copy of what a link address stands for
 * @ptr: address of a per-CPU symbol, or a pointer from percpu_vm_alloc()
 * @cpu: any possible CPU, online or not
 */
#define percpu_vm_ptr(ptr, cpu)						\
	__percpu_vm_at(ptr, __percpu_vm_offset(cpu))

/* Separate out the type, so (int[3], foo) works. */
#define DEFINE_PER_CPU(type, name) \
	__attribute__((__section__(".data.percpu"))) \
	__typeof__(type) per_cpu__##name

#if defined(__ARCH_LINKS_PERCPU_HOT) && !defined(MODULE)
#define DEFINE_PER_CPU_HOT(type, name) \
	__attribute__((__section__(".data.percpu.hot"))) \
	__typeof__(type) per_cpu__##name
#define DEFINE_PER_CPU_TSS(type, name) \
	__attribute__((__section__(".data.percpu.tss"))) \
	__typeof__(type) per_cpu__##name
#define DEFINE_PER_CPU_NET(type, name) \
	__attribute__((__section__(".data.percpu.net"))) \
	__typeof__(type) per_cpu__##name
#endif

/* Where modules are too far away for &, the architecture has another way. */
#ifndef __percpu_vm_symbol
#define __percpu_vm_symbol(var)	(&per_cpu__##var)
#endif

#define per_cpu(var, cpu)	(*percpu_vm_ptr(__percpu_vm_symbol(var), cpu))
#define __get_cpu_var(var)	\
	(*__percpu_vm_at(__percpu_vm_symbol(var), __percpu_vm_my_offset()))

#define __percpu_vm_object_at(ptr, offset)				\
	((__typeof__(ptr))((unsigned long)(ptr) +			\
			   (__percpu_vm_start - PAGE_SIZE) + (offset)))

/**
 * percpu_vm_object - a CPU's copy of an object; per_cpu_ptr() is this
 * @ptr: from alloc_percpu()
 * @cpu: any possible CPU, online or not
 *
 * The pointer is PAGE_SIZE more than an offset in the window.  So NULL, and
 * what is less than a page above it, leads to the page below a window, which
 * is never mapped: another's guard page, or the last page of the link slot.
 */
#define percpu_vm_object(ptr, cpu)					\
	__percpu_vm_object_at(ptr, __percpu_vm_offset(cpu))

extern void percpu_vm_copy(void *dst, const void *src, unsigned long size);
#define percpu_modcopy(dst, src, size)	percpu_vm_copy(dst, src, size)

extern void setup_per_cpu_areas(void);

#endif /* _ASM_GENERIC_PERCPU_VM_H_ */

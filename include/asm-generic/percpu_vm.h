#ifndef _ASM_GENERIC_PERCPU_VM_H_
#define _ASM_GENERIC_PERCPU_VM_H_
/*
 * Accessors for virtually mapped per-CPU areas (mm/percpu_vm.c).
 *
 * <asm/percpu.h> gets here with the architecture's <asm/percpu_vm.h> already
 * included: __ARCH_HAS_VM_PERCPU, and, if it does not do as this header does,
 * PERCPU_VM_STRIDE, PERCPU_VM_LINK_OFFSET and __percpu_vm_start.
 */
#include <linux/compiler.h>
#include <linux/threads.h>

/* Tells C code that both the configuration and the architecture want this. */
#define __VM_PER_CPU

/*
 * Bytes from one CPU's copy of anything to the next one's, and what a window
 * holds: the last page of a stride is its guard.
 *
 * A power of two costs an access one shift.  Where static data is mapped by
 * small pages the copies of a variable would then be in one set of a TLB, and
 * whoever adds them up would find only as many of them as the set has ways:
 * there the guard page comes on top, and makes an odd number of pages.
 */
#ifndef PERCPU_VM_STRIDE
#define PERCPU_VM_STRIDE	(CONFIG_PERCPU_VM_KB * 1024UL + PAGE_SIZE)
#endif
#define PERCPU_VM_SIZE		(PERCPU_VM_STRIDE - PAGE_SIZE)

extern char __per_cpu_start[], __per_cpu_end[];

/*
 * Every per-CPU symbol and every pointer from percpu_vm_alloc() is a link
 * address.  What lies between it and CPU 0's copy is a constant, of one of
 * three kinds:
 *
 *  - the section is CPU 0's copy, in lowmem, linked at its physical address:
 *    the architecture defines PERCPU_VM_LINK_OFFSET as PAGE_OFFSET;
 *  - __ARCH_LINKS_VM_PERCPU: the section is linked one stride below the
 *    windows, and loaded at __per_cpu_load;
 *  - the section is linked where it is loaded: the constant is a difference of
 *    two symbols, which costs an instruction.
 *
 * In the first two the compiler folds it into the displacement, and a symbol
 * that is used without an accessor faults, unless a process has mapped that
 * address.
 *
 * This is plain integer arithmetic on purpose: hiding the sum from gcc, as
 * RELOC_HIDE() does, also hides it from constant folding.
 */
#ifdef __ARCH_LINKS_VM_PERCPU

/* PERCPU_VM_START, without what that includes */
#define __percpu_vm_start	\
	((unsigned long)__per_cpu_start + PERCPU_VM_STRIDE)
#define PERCPU_VM_LINK_OFFSET	PERCPU_VM_STRIDE

extern char __per_cpu_load[];	/* where the image of the section is loaded */

#else

#ifndef __percpu_vm_start
#define __percpu_vm_start	PERCPU_VM_START
#endif
#ifndef PERCPU_VM_LINK_OFFSET
#define PERCPU_VM_LINK_OFFSET	\
	(PERCPU_VM_START - (unsigned long)__per_cpu_start)
#endif
#ifndef __per_cpu_load
#define __per_cpu_load		__per_cpu_start
#endif

#endif

#define __percpu_vm_cpu0(addr)	((addr) + PERCPU_VM_LINK_OFFSET)

/*
 * From CPU 0's copy to that of @cpu, or of the running CPU, which an
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
 * The pointer is how far CPU 0's copy is from the page below the first bank of
 * windows.  So NULL, and what is less than a page above it, leads to a page
 * that is never mapped: that one, or a guard page.
 */
#define percpu_vm_object(ptr, cpu)					\
	__percpu_vm_object_at(ptr, __percpu_vm_offset(cpu))

extern void percpu_vm_copy(void *dst, const void *src, unsigned long size);
#define percpu_modcopy(dst, src, size)	percpu_vm_copy(dst, src, size)

extern void setup_per_cpu_areas(void);

extern unsigned long __per_cpu_offset[NR_CPUS];	/* for debuggers */

#endif /* _ASM_GENERIC_PERCPU_VM_H_ */

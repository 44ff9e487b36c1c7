/*
 * mm/percpu_alloc.c - alloc_percpu() in the per-CPU windows
 *
 * An object is a reservation, at the low end.  Its pointer is how far CPU 0's
 * copy is from the page below the first bank: see per_cpu_ptr().
 *
 * Licensed under the GPL, version 2.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/err.h>
#include <asm/page.h>

#include "percpu_vm.h"

/* What to add to an offset from the static section for a pointer. */
static unsigned long percpu_vm_pointer_offset(void)
{
	return PAGE_SIZE - percpu_vm_first_bank();
}

/**
 * __alloc_percpu - allocate an object for every possible CPU
 * @size: bytes
 *
 * Returns a pointer for per_cpu_ptr(), each copy zeroed, or NULL.  The
 * alignment is the largest power of two that divides @size, rounded up to
 * words, up to PAGE_SIZE: that is enough for any type of this size, objects of
 * one size are packed without holes, and one whose size is a power of two up
 * to PAGE_SIZE never crosses a page.
 *
 * Process context with interrupts on; sleeps.
 */
void *__alloc_percpu(size_t size)
{
	unsigned long align, offset;

	/* Words, as kmalloc() gives them: some keep a pointer in char[6]. */
	if (size <= PERCPU_VM_SIZE)
		size = max(ALIGN(size, sizeof(void *)), sizeof(void *));
	align = min(size & -size, (size_t)PAGE_SIZE);
	offset = percpu_vm_reserve(size, align, PERCPU_VM_OBJECT,
				   __builtin_return_address(0));
	return IS_ERR_VALUE(offset) ? NULL :
		(void *)(offset + percpu_vm_pointer_offset());
}
EXPORT_SYMBOL(__alloc_percpu);

/**
 * free_percpu - free what __alloc_percpu() returned
 * @ptr: the object, or NULL
 *
 * Any context but NMI, as with kfree().  The memory goes later, so a stale
 * pointer need not fault; but nothing relies on what is written there.
 */
void free_percpu(const void *ptr)
{
	if (ptr)
		percpu_vm_free_deferred((unsigned long)ptr -
					percpu_vm_pointer_offset(),
					__builtin_return_address(0));
}
EXPORT_SYMBOL(free_percpu);

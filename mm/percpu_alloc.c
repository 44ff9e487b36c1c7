/*
 * mm/percpu_alloc.c - alloc_percpu() in the per-CPU windows
 *
 * An object is a reservation at the low end of the windows.  Its pointer is
 * the offset there plus PAGE_SIZE: see per_cpu_ptr().
 *
 * Licensed under the GPL, version 2.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/percpu_vm.h>
#include <asm/page.h>

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
	unsigned long align;
	long offset;

	/* Words, as kmalloc() gives them: some keep a pointer in char[6]. */
	if (size <= PERCPU_VM_SIZE)
		size = max(ALIGN(size, sizeof(void *)), sizeof(void *));
	align = min(size & -size, (size_t)PAGE_SIZE);
	offset = percpu_vm_reserve(size, align, PERCPU_VM_OBJECT,
				   __builtin_return_address(0));
	return offset < 0 ? NULL : (void *)(offset + PAGE_SIZE);
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
		percpu_vm_release_later((unsigned long)ptr - PAGE_SIZE,
					__builtin_return_address(0));
}
EXPORT_SYMBOL(free_percpu);

/* Address space for whoever asks, the first hole that will do. */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <linux/percpu.h>
#include <asm/pgtable.h>

struct vm_struct *vmlist;
static DEFINE_SPINLOCK(vmlist_lock);

struct vm_struct *get_vm_area(unsigned long size, unsigned long flags)
{
	struct vm_struct *area = kmalloc(sizeof(*area), GFP_KERNEL), **p;
	unsigned long addr = VMALLOC_START;

	if (!area)
		return NULL;
	area->size = size + PAGE_SIZE;
	area->flags = flags;
	spin_lock(&vmlist_lock);
	for (p = &vmlist; *p; p = &(*p)->next) {
		if ((unsigned long)(*p)->addr - addr >= area->size)
			break;
		addr = (unsigned long)(*p)->addr + (*p)->size;
	}
	if (addr + area->size <= VMALLOC_END) {
		area->addr = (void *)addr;
		area->next = *p;
		*p = area;
	} else {
		kfree(area);
		area = NULL;
	}
	spin_unlock(&vmlist_lock);
	return area;
}

struct vm_struct *remove_vm_area(void *addr)
{
	struct vm_struct **p, *area;

	spin_lock(&vmlist_lock);
	for (p = &vmlist; *p && (*p)->addr != addr; p = &(*p)->next)
		;
	area = *p;
	if (area)
		*p = area->next;
	spin_unlock(&vmlist_lock);
	return area;
}

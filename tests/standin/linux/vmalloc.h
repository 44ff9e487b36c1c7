#ifndef _STANDIN_LINUX_VMALLOC_H
#define _STANDIN_LINUX_VMALLOC_H
/* Address space between VMALLOC_START and VMALLOC_END; see ../vmalloc.c. */

struct vm_struct {
	void *addr;
	unsigned long size;		/* a guard page included */
	unsigned long flags;
	struct vm_struct *next;		/* in address order */
};

#define VM_PERCPU	0x00000008

extern struct vm_struct *vmlist;

extern struct vm_struct *get_vm_area(unsigned long size, unsigned long flags);
extern struct vm_struct *remove_vm_area(void *addr);
extern void vmalloc_sync_all(void);

#endif

#ifndef _STANDIN_LINUX_SLAB_H
#define _STANDIN_LINUX_SLAB_H
#include <linux/mm.h>

extern void *kmalloc(size_t size, gfp_t flags);
extern void kfree(const void *ptr);

#endif

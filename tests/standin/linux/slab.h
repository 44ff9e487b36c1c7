#pragma once

#include <linux/mm.h>

extern void *kmalloc(size_t size, gfp_t flags);
extern void kfree(const void *ptr);

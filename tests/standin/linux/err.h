#pragma once

#include <linux/errno.h>

#define ERR_PTR(err)	((void *)(long)(err))
#define PTR_ERR(ptr)	((long)(ptr))
#define IS_ERR_VALUE(x)	((unsigned long)(x) > (unsigned long)-1000L)
#define IS_ERR(ptr)	IS_ERR_VALUE(ptr)

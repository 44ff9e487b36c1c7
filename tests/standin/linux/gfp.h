#ifndef _STANDIN_LINUX_GFP_H
#define _STANDIN_LINUX_GFP_H

#include <linux/types.h>

#define GFP_KERNEL	0xd0u

#endif

#ifndef _STANDIN_LINUX_GFP_H
#define _STANDIN_LINUX_GFP_H

#define GFP_KERNEL	0xd0u

#endif

#ifndef _STANDIN_LINUX_PFN_H
#define _STANDIN_LINUX_PFN_H

#define PFN_UP(x)	(((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(x)	((x) >> PAGE_SHIFT)

#endif

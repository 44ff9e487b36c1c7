#pragma once

#define PAGE_SHIFT	12
#define PAGE_OFFSET	0xc0000000
#define THREAD_SIZE	8192
#define LOWMEM_MB	128	/* what the linear map covers, at most */

#ifdef CONFIG_X86_PAE
#define PMD_SHIFT	21
#else
#define PMD_SHIFT	22
#endif

#ifndef __ASSEMBLY__
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))
#define PAGE_ALIGN(a)	(((a) + PAGE_SIZE - 1) & PAGE_MASK)
#define __pa(va)	((unsigned long)(va) - PAGE_OFFSET)
#define __va(pa)	((void *)((unsigned long)(pa) + PAGE_OFFSET))
#endif

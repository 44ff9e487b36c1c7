#ifndef _HOST_ASM_TLBFLUSH_H
#define _HOST_ASM_TLBFLUSH_H

extern void flush_tlb_kernel_range(unsigned long start, unsigned long end);

#endif

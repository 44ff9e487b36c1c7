#pragma once

/* As 2.6.17 has it: everything, global entries too, on every CPU. */
extern void flush_tlb_all(void);
#define flush_tlb_kernel_range(start, end) \
	((void)(start), (void)(end), flush_tlb_all())

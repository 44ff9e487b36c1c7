#pragma once

#include <asm/page.h>

/* At the low end of each stack, as 2.6.17 has it. */
struct thread_info {
	int cpu;
	int in_fault;			/* depth of page faults on this stack */
	unsigned long resume;		/* where an expected fault goes on */
	unsigned long fault_addr;	/* where the last fault was */
};

static inline struct thread_info *current_thread_info(void)
{
	struct thread_info *ti;

	__asm__("andl %%esp,%0" : "=r" (ti) : "0" (~(THREAD_SIZE - 1UL)));
	return ti;
}

#define smp_processor_id()	(current_thread_info()->cpu)

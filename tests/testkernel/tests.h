#pragma once

/* What the trap handlers and the tests share. */

DECLARE_PER_CPU(unsigned long, fault_count);
DECLARE_PER_CPU(unsigned long, nmi_count);

extern unsigned long *volatile handler_probe;
extern volatile unsigned long user_calls;
extern unsigned long user_return;

#ifndef _HOST_ASM_SMP_H
#define _HOST_ASM_SMP_H

extern int host_cpu;

#define smp_processor_id()	host_cpu

#endif

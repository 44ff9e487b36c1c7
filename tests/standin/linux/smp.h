#ifndef _STANDIN_LINUX_SMP_H
#define _STANDIN_LINUX_SMP_H
#include <asm/smp.h>

#endif

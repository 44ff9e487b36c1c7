// SPDX-License-Identifier: GPL-2.0
/* pcpu_32768 - the most that alloc_percpu() gives */
#include <linux/percpu.h>

static DEFINE_PER_CPU(int [32768 / sizeof(int)], data) __aligned(4);
#define DATA data
#include "pcpu_check.h"

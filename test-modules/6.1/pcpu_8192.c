// SPDX-License-Identifier: GPL-2.0
/* pcpu_8192 - all that modules of a stock kernel have */
#include <linux/percpu.h>

static DEFINE_PER_CPU(int [8192 / sizeof(int)], data) __aligned(4);
#define DATA data
#include "pcpu_check.h"

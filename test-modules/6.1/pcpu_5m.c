// SPDX-License-Identifier: GPL-2.0
/* pcpu_5m - more than a window of 1 MiB, less than one of 8 */
#include <linux/percpu.h>

static DEFINE_PER_CPU(int [5242880 / sizeof(int)], data) __aligned(4);
#define DATA data
#include "pcpu_check.h"

// SPDX-License-Identifier: GPL-2.0
/* pcpu_rest - all that pcpu_fill1 to 5 leave of a window of 1 MiB */
#include <linux/percpu.h>

static DEFINE_PER_CPU(int [48576 / sizeof(int)], data) __aligned(4);
#define DATA data
#include "pcpu_check.h"

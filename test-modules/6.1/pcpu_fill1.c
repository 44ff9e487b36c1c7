// SPDX-License-Identifier: GPL-2.0
/* pcpu_fill1 - one of six: five of them fit in a window of 1 MiB */
#include <linux/percpu.h>

static DEFINE_PER_CPU(int [200000 / sizeof(int)], data) __aligned(4);
#define DATA data
#include "pcpu_check.h"

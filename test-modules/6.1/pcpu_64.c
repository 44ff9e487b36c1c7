// SPDX-License-Identifier: GPL-2.0
/* pcpu_64 - 64 bytes: fits wherever it is */
#include <linux/percpu.h>

static DEFINE_PER_CPU(int [64 / sizeof(int)], data) __aligned(4);
#define DATA data
#include "pcpu_check.h"

// SPDX-License-Identifier: GPL-2.0
/* pcpu_70000 - a size that is no multiple of a page */
#include <linux/percpu.h>

static DEFINE_PER_CPU(int [70000 / sizeof(int)], data) __aligned(4);
#define DATA data
#include "pcpu_check.h"

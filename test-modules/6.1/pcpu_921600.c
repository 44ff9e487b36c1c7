// SPDX-License-Identifier: GPL-2.0
/* pcpu_921600 - nearly all of a window of 1 MiB */
#include <linux/percpu.h>

static DEFINE_PER_CPU(int [921600 / sizeof(int)], data) __aligned(4);
#define DATA data
#include "pcpu_check.h"

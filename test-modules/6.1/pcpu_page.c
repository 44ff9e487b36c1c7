// SPDX-License-Identifier: GPL-2.0
/* pcpu_page - a page, aligned to one */
#include <linux/percpu.h>

static DEFINE_PER_CPU(int [4096 / sizeof(int)], data) __aligned(4096);
#define DATA data
#include "pcpu_check.h"

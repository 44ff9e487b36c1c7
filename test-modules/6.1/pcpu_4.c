// SPDX-License-Identifier: GPL-2.0
/* pcpu_4 - a word: refused only where nothing at all is free */
#include <linux/percpu.h>

static DEFINE_PER_CPU(int [4 / sizeof(int)], data) __aligned(4);
#define DATA data
#include "pcpu_check.h"

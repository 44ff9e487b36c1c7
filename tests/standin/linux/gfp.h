#pragma once

#include <linux/types.h>

#define GFP_KERNEL	0xd0u

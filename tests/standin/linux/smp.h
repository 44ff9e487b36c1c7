#pragma once

#include <asm/smp.h>

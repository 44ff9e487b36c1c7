#pragma once

#define NR_CPUS CONFIG_NR_CPUS

#pragma once

#include <linux/threads.h>

/* One byte a CPU: clear, and quick enough. */
extern unsigned char cpu_possible_map[NR_CPUS];
extern unsigned char cpu_online_map[NR_CPUS];

#define cpu_possible(cpu)	(cpu_possible_map[cpu])
#define cpu_online(cpu)		(cpu_online_map[cpu])
#define for_each_possible_cpu(cpu)					\
	for ((cpu) = 0; (cpu) < NR_CPUS; (cpu)++)			\
		if (cpu_possible(cpu))
#define for_each_online_cpu(cpu)					\
	for ((cpu) = 0; (cpu) < NR_CPUS; (cpu)++)			\
		if (cpu_online(cpu))

static inline int first_cpu(const unsigned char *map)
{
	int cpu;

	for (cpu = 0; cpu < NR_CPUS && !map[cpu]; cpu++)
		;
	return cpu;
}

static inline int num_possible_cpus(void)
{
	int cpu, n = 0;

	for_each_possible_cpu(cpu)
		n++;
	return n;
}

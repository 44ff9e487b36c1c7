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

typedef struct {
	unsigned char has[NR_CPUS];
} cpumask_t;

#define CPU_MASK_NONE		{ { 0 } }
#define CPU_MASK_CPU0		{ { 1 } }
#define cpu_set(cpu, mask)	((mask).has[cpu] = 1)
#define cpu_clear(cpu, mask)	((mask).has[cpu] = 0)
#define cpu_isset(cpu, mask)	((mask).has[cpu])
#define for_each_cpu_mask(cpu, mask)					\
	for ((cpu) = 0; (cpu) < NR_CPUS; (cpu)++)			\
		if (cpu_isset(cpu, mask))

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

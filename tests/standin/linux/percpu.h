#pragma once

#include <linux/types.h>
#include <linux/smp.h>
#include <linux/cpumask.h>
#include <asm/percpu_vm.h>
#include <asm-generic/percpu_vm.h>

#define DECLARE_PER_CPU(type, name) extern __typeof__(type) per_cpu__##name
#define EXPORT_PER_CPU_SYMBOL(var) EXPORT_SYMBOL(per_cpu__##var)
#define per_cpu_ptr(ptr, cpu) percpu_vm_object(ptr, cpu)
extern void *__alloc_percpu(size_t size);
extern void free_percpu(const void *ptr);
#define alloc_percpu(type) ((type *)__alloc_percpu(sizeof(type)))

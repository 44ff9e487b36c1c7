/*
 * libFuzzer target: bytes are read as reservations and releases, each
 * compared with the model; at the end all is released and nothing may be left.
 */
#include <stdio.h>

#include <linux/kernel.h>
#include <linux/err.h>
#include <linux/percpu_vm.h>
#include "host.h"
#include "model.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static int booted;
	const u8 *end = data + size - size % 4;

	if (!booted)
		host_boot(0x5);
	host_vmalloc = 3 * 3 * PERCPU_VM_STRIDE + 4 * PAGE_SIZE;
	booted = 1;

	/* op/fail, alignment or who, size in two bytes (scaled by op) */
	for (; data < end; data += 4) {
		if (data[0] & 1 && model_areas)
			model_free((data[2] | data[3] << 8) % model_areas);
		else if (!(data[0] & 1) && data[1] & 0x80)
			model_alloc_percpu((data[2] | data[3] << 8) <<
					   (data[0] >> 1 & 3), data[0] >> 3);
		else if (!(data[0] & 1))
			model_alloc((unsigned long)(data[2] | data[3] << 8) <<
				    (data[0] >> 1 & 3), 1u << (data[1] % 14),
				    data[0] >> 3);
		else
			model_run_work();
	}
	model_check();
	while (model_areas) {
		model_free(model_areas - 1);
		model_run_work();
	}
	model_check();
	CHECK(!host_pages && !host_objects && !host_banks());
	return 0;
}
